using Substrate.Perf.Control;
using Substrate.Perf.Rounds;

namespace Substrate.Perf.UnitTests.Control;

public sealed class ControlResultsTests
{
    [Fact]
    public void Of_Findings_NamesTheRowsThatOthersRelyOn()
    {
        var samples = new Samples([1.0, 2.0, 3.0]);
        var measure = new ControlMeasure(1500, samples, 0, new Dictionary<string, double> { ["proxy"] = 300, ["redis"] = 200, ["nodes"] = 700, ["generator"] = 100 });

        var result = ControlResults.Of(new ControlFindings
        {
            Most = measure,
            Steady = measure with { PerSecond = 1050 },
            Killed = measure,
            Few = 10_000,
            Many = 1_000_000,
            BytesPerActor = 400,
            Activation = new(samples, new Samples([2.2])),
            Get = new(samples, samples),
            List = new(samples, samples),
            Placement = samples,
        });

        var rows = result.Rows.ToDictionary(static r => r.Metric, static r => r.Value);
        Assert.All(result.Rows, static r => Assert.Equal(("control", "simulated"), (r.Bench, r.Case)));
        Assert.Equal(1500, rows["activations_per_s"]);
        Assert.Equal(400, rows["redis_bytes_per_actor"]);
        Assert.Equal(1.1, rows["latency_ratio_1m_to_10k"], 3);
        Assert.Equal(3, rows["p99_ms"]);
        Assert.Equal(300, rows["cpu_us_proxy"]);
        Assert.Equal(2000, rows["placement_us"]);
    }
}
