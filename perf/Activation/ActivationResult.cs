using Substrate.Perf.Charts;
using Substrate.Perf.Reports;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Activation;

/// <summary>Makes rows, tables and charts of what the contenders measured.</summary>
internal static class ActivationResult
{
    private static readonly int[] Percents = [50, 95, 99];
    private static readonly string[] Restored = ["golden", "paused", "suspended", "suspended-cold"];
    private static readonly string[] Phases = ["queue", "fetch", "restore", "ready", "publish"];

    public static SuiteResult Of(RoundResults results, MemoryFigures memory)
    {
        var raw = results[RawContender.Title, "ms"];
        var node = results[NodeContender.Title, "ms"];
        var hot = results["hot", "ms"];
        return new SuiteResult
        {
            Rows =
            [
                .. Percents.Select(p => Row("paused", $"raw_restore_ms_p{p}", "ms", raw.Percentile(p))),
                .. Percents.Select(p => Row("paused", $"node_ms_p{p}", "ms", node.Percentile(p))),
                .. Percents.Select(p => Row("paused", $"node_ratio_p{p}", "ratio", node.Percentile(p) / raw.Percentile(p))),
                .. Phases.Select(phase => Row("paused", $"node_{phase}_ms_p50", "ms", results[NodeContender.Title, $"{phase}_ms"].Median)),
                .. Restored.SelectMany(c => Percents.SelectMany(p => Proxied(c, p, results[c, "ms"], raw))),
                Row("hot", "ms_p50", "ms", hot.Median),
                Row("frozen", "ms_p50", "ms", results["frozen", "ms"].Median),
                Row("frozen", "over_hot_ms_p50", "ms", results["frozen", "ms"].Median - hot.Median),
                .. memory.Rows(),
            ],
            Tables = [Ladder(results, raw), memory.Table()],
            Charts = [Steps(results), Stack(results)],
            Notes =
            [
                "Raw restore: the plain command into a sandbox created before, until the command ends; nothing of Substrate takes part.",
                "Node: the call until its reply. Others: a request through the proxy until its first byte, each on a connection of its own.",
            ],
        };
    }

    private static IEnumerable<BenchRow> Proxied(string name, int percent, Samples samples, Samples raw) =>
    [
        Row(name, $"proxy_ms_p{percent}", "ms", samples.Percentile(percent)),
        Row(name, $"proxy_ratio_p{percent}", "ratio", samples.Percentile(percent) / raw.Percentile(percent)),
    ];

    private static ResultTable Ladder(RoundResults results, Samples raw) => new(
        "Counter actor: until it answers",
        ["FOUND", .. Percents.Select(static p => $"P{p}"), "P50 TO RAW", "SAMPLES"],
        [.. Steps().Select(s => Line(s, results[s, "ms"], raw))]);

    private static IReadOnlyList<string> Line(string name, Samples samples, Samples raw) =>
        [name, .. Percents.Select(p => Cells.Ms(samples.Percentile(p))), Cells.Times(samples.Median / raw.Median), $"{samples.Count}"];

    private static BarChart Steps(RoundResults results) => new(
        "ladder", "Counter actor: until it answers, median and quartiles", "ms", Steps(),
        [new("ms", [.. Steps().Select(s => results[s, "ms"].Median)], [.. Steps().Select(s => results[s, "ms"].Spread)])]);

    private static BarChart Stack(RoundResults results) => new(
        "phases", "Activation of a paused counter on its node: medians of its phases", "ms", ["paused"],
        [.. Phases.Select(phase => new BarValues(phase, [results[NodeContender.Title, $"{phase}_ms"].Median]))])
    {
        Stacked = true,
    };

    private static IReadOnlyList<string> Steps() => [RawContender.Title, NodeContender.Title, .. Restored, "frozen", "hot"];

    private static BenchRow Row(string name, string metric, string unit, double value) => new("activation", name, metric, unit, Math.Round(value, 3));
}
