using System.Globalization;
using Substrate.Perf.Charts;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Control;

/// <summary>The findings as rows, tables and charts.</summary>
internal static class ControlResults
{
    public static SuiteResult Of(ControlFindings found) => new()
    {
        Rows = [.. Rows(found)],
        Tables = [Path(found), Scale(found)],
        Charts = [new BarChart("cpu", "CPU per activation", "µs", ["generator", "proxy", "redis", "nodes"],
            [new BarValues("at most", [.. Parts.Select(p => found.Most.CpuMicroseconds.GetValueOrDefault(p))])])],
        Notes =
        [
            "Sandboxes are simulated: starting, restoring and checkpointing one takes no time. Every request finds its actor at rest, and every activation puts another actor away.",
            "Redis, scheduler, proxy, four nodes and the generator are processes of one machine. CPU per activation includes putting an actor away.",
            string.Create(CultureInfo.InvariantCulture, $"Latencies with {found.Few} and with {found.Many} actors are of one run, one request at a time."),
        ],
    };

    private static readonly string[] Parts = ["generator", "proxy", "redis", "nodes"];

    private static IEnumerable<BenchRow> Rows(ControlFindings found) =>
    [
        Row("activations_per_s", "1/s", found.Most.PerSecond),
        Row("p50_ms", "ms", found.Steady.Milliseconds.Median),
        Row("p99_ms", "ms", found.Steady.Milliseconds.Percentile(99)),
        Row("steady_per_s", "1/s", found.Steady.PerSecond),
        Row("failed", "count", found.Most.Failed + found.Steady.Failed),
        Row("failed_scheduler_killed", "count", found.Killed.Failed),
        Row("p99_ms_scheduler_killed", "ms", found.Killed.Milliseconds.Percentile(99)),
        .. found.Most.CpuMicroseconds.Select(static c => Row($"cpu_us_{c.Key}", "µs", c.Value)),
        Row("redis_bytes_per_actor", "bytes", found.BytesPerActor),
        Row("latency_ratio_1m_to_10k", "ratio", Math.Max(found.Activation.Ratio, Math.Max(found.Get.Ratio, found.List.Ratio))),
        Row("activation_ratio_1m_to_10k", "ratio", found.Activation.Ratio),
        Row("get_ratio_1m_to_10k", "ratio", found.Get.Ratio),
        Row("list_ratio_1m_to_10k", "ratio", found.List.Ratio),
        Row("actors", "count", found.Many),
        Row("placement_us", "µs", found.Placement.Median * 1000),
    ];

    private static BenchRow Row(string metric, string unit, double value) => new("control", "simulated", metric, unit, Math.Round(value, 3));

    private static ResultTable Path(ControlFindings found) => new(
        "The whole path: request, claim, node, record, answer",
        ["LOAD", "ACTIVATIONS/S", "P50", "P99", "FAILED"],
        [Line("as many as go", found.Most), Line("70 % of that", found.Steady), Line("scheduler killed every 5 s", found.Killed)]);

    private static string[] Line(string load, ControlMeasure measure) =>
        [load, Text(measure.PerSecond, "0"), Cells.Ms(measure.Milliseconds.Median), Cells.Ms(measure.Milliseconds.Percentile(99)), $"{measure.Failed}"];

    private static ResultTable Scale(ControlFindings found) => new(
        string.Create(CultureInfo.InvariantCulture, $"{found.Many} actors against {found.Few}: {found.BytesPerActor:0} bytes of Redis memory each; a placement on {PlacementTiming.Nodes} nodes takes {found.Placement.Median * 1000:0.0} µs"),
        ["WHAT", "FEW, P50", "MANY, P50", "RATIO"],
        [Line("activation", found.Activation), Line("get", found.Get), Line("page of a hundred", found.List)]);

    private static string[] Line(string what, Scaling scaling) => [what, Cells.Ms(scaling.Few.Median), Cells.Ms(scaling.Many.Median), Text(scaling.Ratio, "0.00")];

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
