using Substrate.Perf.Charts;
using Substrate.Perf.Load;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Density;

/// <summary>The outcomes of all cases as rows, tables and charts.</summary>
internal static class DensityResults
{
    private const double MiB = 1 << 20;

    public static SuiteResult Of(IReadOnlyList<DensityOutcome> outcomes) => new()
    {
        Rows = [.. outcomes.SelectMany(Rows)],
        Tables = [Latency(outcomes), Room(outcomes), .. outcomes.Where(static o => o.Load.WokenPhases.Count > 0).Select(Phases)],
        Charts = [Curves(outcomes), .. outcomes.Any(static o => o.Load.WokenPhases.Count > 0) ? [Bars(outcomes)] : Array.Empty<IChart>()],
        Notes =
        [
            "Latency counts from when a request was due. Generator, proxy, scheduler, store, node agent and actors share the machine.",
            "CPU per activation is that of the whole machine over the activations: restore, checkpoint, making and taking apart of sandboxes, and every request.",
            "The published peer's numbers are from two cores with gVisor, with a load and actors of its own: they give the scale.",
        ],
    };

    private static IEnumerable<BenchRow> Rows(DensityOutcome outcome)
    {
        var load = outcome.Load;
        return
        [
            Row("p50_ms", "ms", load.At(50)), Row("p95_ms", "ms", load.At(95)), Row("p99_ms", "ms", load.At(99)),
            Row("p999_ms", "ms", load.At(99.9)), Row("max_ms", "ms", load.At(100)),
            Row("refused_pct", "percent", load.RefusedPercent),
            Row("woken_pct", "percent", load.Right == 0 ? 0 : 100.0 * load.Woken / load.Right),
            Row("requests", "count", load.Due), Row("evictions", "count", outcome.Evictions),
            Row("activations", "count", outcome.Activations), Row("cpu_pct", "percent", 100 * outcome.CpuShare),
            Row("cpu_ms_per_activation", "ms", outcome.Activations == 0 ? 0 : 1000 * outcome.CpuSeconds / outcome.Activations),
            Row("live_actors", "count", outcome.LiveActors), Row("memory_mb", "MiB", outcome.MemoryBytes / MiB),
            .. load.TailPhases.Select(phase => Row($"tail_{phase.Key}_ms", "ms", phase.Value)),
        ];

        BenchRow Row(string metric, string unit, double value) => new("density", outcome.Case.Name, metric, unit, Math.Round(value, 3));
    }

    private static ResultTable Latency(IReadOnlyList<DensityOutcome> outcomes) => new(
        "What callers see",
        ["CASE", "ACTORS", "SLOTS", "REQUESTS", "P50", "P95", "P99", "P99.9", "MAX", "REFUSED", "PEER"],
        [.. outcomes.Select(static o => (string[])
        [
            o.Case.Name, $"{o.Case.Actors}", $"{o.Case.Slots}", $"{o.Load.Due}",
            Cells.Ms(o.Load.At(50)), Cells.Ms(o.Load.At(95)), Cells.Ms(o.Load.At(99)), Cells.Ms(o.Load.At(99.9)), Cells.Ms(o.Load.At(100)),
            FormattableString.Invariant($"{o.Load.RefusedPercent:0.0} %"), o.Case.Peer,
        ])]);

    private static ResultTable Room(IReadOnlyList<DensityOutcome> outcomes) => new(
        "Who had to wait for an actor, and what it took",
        ["CASE", "WOKEN", "ACTIVATIONS", "EVICTIONS", "LIVE ACTORS", "MEMORY", "CPU", "CPU PER ACTIVATION"],
        [.. outcomes.Select(static o => (string[])
        [
            o.Case.Name,
            FormattableString.Invariant($"{100.0 * o.Load.Woken / Math.Max(1, o.Load.Right):0.0} %"),
            FormattableString.Invariant($"{o.Activations:0}"),
            FormattableString.Invariant($"{o.Evictions:0}"),
            FormattableString.Invariant($"{o.LiveActors:0.0}"),
            FormattableString.Invariant($"{o.MemoryBytes / MiB:0} MiB"),
            FormattableString.Invariant($"{100 * o.CpuShare:0} %"),
            o.Activations == 0 ? "" : Cells.Ms(1000 * o.CpuSeconds / o.Activations),
        ])]);

    private static ResultTable Phases(DensityOutcome outcome) => LoadTables.Phases(outcome.Load) with { Title = $"{outcome.Case.Name}: mean phases of answers that had to wait" };

    private static CurveChart Curves(IReadOnlyList<DensityOutcome> outcomes) => new(
        "latency", "Latency under oversubscription, from when a request was due", "1 / share of slower requests (10 = p90, 100 = p99)", "ms",
        [.. outcomes.Select(static o => new Curve(
            o.Case.Name,
            [.. o.Load.Latency.Where(static p => p.Percentile < 100 && p.Milliseconds > 0).Select(static p => (1 / (1 - (p.Percentile / 100)), p.Milliseconds))]))])
    {
        LogarithmicAcross = true,
        LogarithmicUp = true,
    };

    // `hold` is the whole wait as the proxy saw it; what the phases on the node leave of it is the proxy's own and the way there.
    private static BarChart Bars(IReadOnlyList<DensityOutcome> outcomes)
    {
        var phases = outcomes.SelectMany(static o => o.Load.WokenPhases.Keys).Where(static phase => phase != "hold").Distinct().ToArray();
        return new BarChart(
            "phases", "Where the time of a waking request goes", "ms",
            [.. outcomes.SelectMany(static o => new[] { $"{o.Case.Name}, all", $"{o.Case.Name}, slowest 1%" })],
            [.. phases.Select(phase => new BarValues(phase, [.. outcomes.SelectMany(o => new[]
            {
                o.Load.WokenPhases.GetValueOrDefault(phase),
                o.Load.TailPhases.GetValueOrDefault(phase),
            })]))])
        {
            Stacked = true,
        };
    }
}
