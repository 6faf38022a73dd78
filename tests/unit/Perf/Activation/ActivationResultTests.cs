using Substrate.Perf.Activation;
using Substrate.Perf.Rounds;

namespace Substrate.Perf.UnitTests.Activation;

public sealed class ActivationResultTests
{
    [Theory]
    [InlineData("paused", "raw_restore_ms_p50", 50)]
    [InlineData("paused", "node_ratio_p50", 0.8)]
    [InlineData("paused", "node_restore_ms_p50", 30)]
    [InlineData("paused", "proxy_ratio_p50", 1.2)]
    [InlineData("paused", "proxy_ratio_p95", 1.2)]
    [InlineData("golden", "proxy_ratio_p50", 1.2)]
    [InlineData("suspended", "proxy_ratio_p95", 1.2)]
    [InlineData("suspended-cold", "proxy_ratio_p50", 1.2)]
    [InlineData("frozen", "over_hot_ms_p50", 2)]
    [InlineData("memory", "frozen_per_gib", 64)]
    public void Rows_OfAResult_HaveTheAgreedNames(string name, string metric, double value)
    {
        var row = Assert.Single(Result().Rows, r => r.Case == name && r.Metric == metric);

        Assert.Equal(("activation", value), (row.Bench, row.Value));
    }

    [Fact]
    public void Table_HasALineForEachStepOfTheLadder() => Assert.Equal(
        ["runsc restore", "node", "golden", "paused", "suspended", "suspended-cold", "frozen", "hot"],
        Result().Tables[0].Rows.Select(static r => r[0]));

    [Fact]
    public void Private_SumsWhatASmapsRollupCallsPrivate() => Assert.Equal(
        7 * 1024, SandboxFiles.Private("Rss:   99 kB\nPrivate_Clean:   3 kB\nPrivate_Dirty:  4 kB\nShared_Dirty: 5 kB\n"));

    private static Substrate.Perf.Suites.SuiteResult Result()
    {
        var results = new RoundResults();
        results.Add("runsc restore", new Dictionary<string, double> { ["ms"] = 50 });
        results.Add("node", new Dictionary<string, double>
        {
            ["ms"] = 40,
            ["queue_ms"] = 0,
            ["fetch_ms"] = 2,
            ["restore_ms"] = 30,
            ["ready_ms"] = 5,
            ["publish_ms"] = 1,
        });
        foreach (var name in new[] { "golden", "paused", "suspended", "suspended-cold" })
        {
            results.Add(name, new Dictionary<string, double> { ["ms"] = 60 });
        }

        results.Add("frozen", new Dictionary<string, double> { ["ms"] = 5 });
        results.Add("hot", new Dictionary<string, double> { ["ms"] = 3 });
        return ActivationResult.Of(results, new MemoryFigures(5 << 20, 4 << 20, 20 << 20, 16 << 20));
    }
}
