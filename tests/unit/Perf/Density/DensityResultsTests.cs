using Substrate.Perf.Density;
using Substrate.Perf.Load;

namespace Substrate.Perf.UnitTests.Density;

public sealed class DensityResultsTests
{
    [Fact]
    public void Rows_OfACase_HaveTheAgreedNames()
    {
        var tally = new LoadTally();
        tally.Add(new CallResult(CallOutcome.Right), TimeSpan.FromMilliseconds(4), TimeSpan.Zero);
        tally.Add(new CallResult(CallOutcome.Right, "", "hold;dur=70, restore;dur=60"), TimeSpan.FromMilliseconds(80), TimeSpan.Zero);
        tally.Add(new CallResult(CallOutcome.Refused, "503"), TimeSpan.FromMilliseconds(1), TimeSpan.Zero);
        tally.NotSent();

        var result = DensityResults.Of([new DensityOutcome(new DensityCase("3.3x", 40, 12) { Peer = "slower" }, tally.Report(TimeSpan.FromSeconds(60)), 20, 7, 3 << 20, 11.5, 8, 0.25)]);

        Assert.All(result.Rows, static row => Assert.Equal(("density", "3.3x"), (row.Bench, row.Case)));
        var rows = result.Rows.ToDictionary(static row => row.Metric, static row => row.Value);
        Assert.Equal((4, 80), ((int)rows["p50_ms"], (int)rows["p99_ms"]));
        Assert.Equal((50, 50, 7, 60), ((int)rows["refused_pct"], (int)rows["woken_pct"], (int)rows["evictions"], (int)rows["tail_restore_ms"]));
        Assert.Equal((20, 400, 25), ((int)rows["activations"], (int)rows["cpu_ms_per_activation"], (int)rows["cpu_pct"]));
        Assert.Equal(2, result.Charts.Count);
    }
}
