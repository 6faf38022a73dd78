using Substrate.Perf.Reports;

namespace Substrate.Perf.Load;

/// <summary>A load's report as tables.</summary>
internal static class LoadTables
{
    public static IReadOnlyList<ResultTable> Of(LoadReport report) =>
    [
        new("Answers", ["DUE", "RIGHT", "REFUSED", "WRONG", "FAILED", "UNSENT", "WOKEN", "PER SECOND"],
        [
            [$"{report.Due}", $"{report.Right}", $"{report.Refused}", $"{report.Wrong}", $"{report.Failed}", $"{report.Unsent}", $"{report.Woken}", FormattableString.Invariant($"{report.Due / report.Seconds:0.0}")],
        ]),
        new("Latency of right answers, from when they were due", [.. report.Latency.Select(static p => Name(p.Percentile))], [[.. report.Latency.Select(static p => Cells.Ms(p.Milliseconds))]]),
        .. report.WokenPhases.Count == 0 ? Array.Empty<ResultTable>() : [Phases(report)],
    ];

    /// <summary>Where the time of waking requests goes.</summary>
    public static ResultTable Phases(LoadReport report) => new(
        "Mean phases of answers that had to wait for their actor",
        ["", .. report.WokenPhases.Keys.Select(static phase => phase.ToUpperInvariant())],
        [
            ["all", .. report.WokenPhases.Values.Select(Cells.Ms)],
            ["slowest 1%", .. report.WokenPhases.Keys.Select(phase => Cells.Ms(report.TailPhases.GetValueOrDefault(phase)))],
        ]);

    private static string Name(double percentile) => percentile >= 100 ? "MAX" : FormattableString.Invariant($"P{percentile}");
}
