using Substrate.Perf.Charts;
using Substrate.Perf.Installations;
using Substrate.Perf.Reports;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>A request to a paused actor, beside the runtime's own restore of the same snapshot.</summary>
internal sealed class ActivationSuite : ISuite
{
    /// <summary>Pause before each measurement, in which sandboxes torn down earlier end and fresh ones are made, off both paths.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private const int Slots = 4;
    private const int WarmUp = 3;

    private static readonly int[] Percents = [50, 95, 99];

    public string Name => "activation";

    public string Summary => "A request to a paused actor until its first byte, beside the runtime's own restore of the same snapshot.";

    public (int Full, int Quick)? Rounds => (50, 10);

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        await using var installation = await context.Installations.StartAsync(new InstallationPlan(Slots), cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = installation.Ingress, Timeout = TimeSpan.FromSeconds(60) };
        var actor = new ActorKey(IInstallation.Atespace, "bench");
        await installation.CreateAsync(actor, IInstallation.Counter, cancellationToken);
        var proxy = new ProxyContender(installation, http, actor, context.Time);
        await proxy.MeasureAsync(cancellationToken);
        await using var restore = new RawRestore(await RawInputs.TakeAsync(installation, actor, cancellationToken), context.Time);
        await restore.PrepareAsync(cancellationToken);

        var raw = new RawContender(restore, context.Time);
        var plan = new RoundPlan(WarmUp, context.Rounds, context.Quick ? TimeSpan.FromSeconds(75) : Limit / 2);
        var results = await new Interleaved(plan, context.Tell, context.Time).RunAsync([raw, proxy], cancellationToken);
        return Result(results[raw.Name, "ms"], results[proxy.Name, "ms"]);
    }

    /// <summary>The result of samples in milliseconds.</summary>
    internal static SuiteResult Result(Samples raw, Samples proxy) => new()
    {
        Rows =
        [
            .. Percents.Select(p => Row($"raw_restore_ms_p{p}", "ms", raw.Percentile(p))),
            .. Percents.Select(p => Row($"proxy_ms_p{p}", "ms", proxy.Percentile(p))),
            .. Percents.Select(p => Row($"proxy_ratio_p{p}", "ratio", proxy.Percentile(p) / raw.Percentile(p))),
        ],
        Tables =
        [
            new("Counter actor, paused", ["CASE", .. Percents.Select(static p => $"P{p}"), "SAMPLES"],
            [
                ["runsc restore", .. Percents.Select(p => Cells.Ms(raw.Percentile(p))), $"{raw.Count}"],
                ["through the proxy", .. Percents.Select(p => Cells.Ms(proxy.Percentile(p))), $"{proxy.Count}"],
                ["ratio", .. Percents.Select(p => Cells.Times(proxy.Percentile(p) / raw.Percentile(p))), ""],
            ]),
        ],
        Charts =
        [
            new BarChart("paused", "Paused counter actor: request to first byte, and the runtime's own restore", "ms", [.. Percents.Select(static p => $"p{p}")],
            [
                new("runsc restore", [.. Percents.Select(p => raw.Percentile(p))]),
                new("through the proxy", [.. Percents.Select(p => proxy.Percentile(p))]),
            ]),
        ],
    };

    private static BenchRow Row(string metric, string unit, double value) => new("activation", "paused", metric, unit, Math.Round(value, 3));
}
