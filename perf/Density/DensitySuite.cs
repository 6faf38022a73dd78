using Substrate.Perf.Installations;
using Substrate.Perf.Reports;
using Substrate.Perf.Suites;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Perf.Density;

/// <summary>Many actors on few slots under a load that does not wait for them: what a caller sees, who is put away, what memory it takes.</summary>
internal sealed class DensitySuite : ISuite
{
    private const int Slots = 12;

    private static readonly TemplateKey Template = new("demo", "density");

    private static readonly DensityCase[] Cases =
    [
        new("3.3x", 40, Slots) { Peer = "p50 6–8 ms, p99 1.7–2.4 s, 0.1–1.3 % refused" },
        new("6.7x", 80, Slots) { Peer = "p50 9–28 ms, p99 2.1–3.2 s, 0.2–8.2 % refused" },
    ];

    public string Name => "density";

    public string Summary =>
        "Counter actors on 12 slots, 3.3 and 6.7 times as many as fit, under an open-loop Zipf(1.1) load of 10 requests a second in visits of three.";

    public (int Full, int Quick)? Rounds => null;

    public TimeSpan Limit => TimeSpan.FromMinutes(5);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        List<DensityOutcome> outcomes = [];
        foreach (var density in Cases)
        {
            outcomes.Add(await RunAsync(density, context, cancellationToken));
        }

        return DensityResults.Of(outcomes);
    }

    private static async Task<DensityOutcome> RunAsync(DensityCase density, SuiteContext context, CancellationToken cancellationToken)
    {
        var before = Watch.Available();
        var plan = new InstallationPlan(density.Slots)
        {
            Manifests = [Path.Combine(context.Home, "perf", "Density", "density.yaml")],
            Settings = new Dictionary<string, string?> { ["Proxy:ServerTiming"] = "true" },
        };
        await using var installation = await context.Installations.StartAsync(plan, cancellationToken);
        await Parallel.ForEachAsync(density.Names, cancellationToken, async (name, stop) =>
            await installation.CreateAsync(new ActorKey(IInstallation.Atespace, name), Template, stop));

        context.Tell($"{density.Name}: {density.Actors} actors on {density.Slots} slots");
        var (warmUp, counted) = context.Quick ? (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)) : (TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(75));
        var watch = new Watch(installation, before, context.Time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = watch.RunAsync(over.Token);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var (metrics, cpu) = (await MetricsPage.ReadAsync(http, installation.Ops, cancellationToken), Processors.Read());
        var load = await context.Load.RunAsync(density.Plan(installation.Ingress, IInstallation.Atespace, warmUp, counted), cancellationToken);
        var (metricsAfter, cpuAfter) = (await MetricsPage.ReadAsync(http, installation.Ops, cancellationToken), Processors.Read());
        await over.CancelAsync();
        await watching;
        if (load.Wrong + load.Failed > 0)
        {
            throw new BenchException($"{density.Name}: {load.Wrong} answers were wrong and {load.Failed} did not come") { Details = string.Join('\n', load.Problems) };
        }

        return new DensityOutcome(
            density,
            load,
            Grown("substrate_node_activations_total", "outcome=\"running\""),
            Grown("substrate_node_evictions_total", "outcome=\"done\""),
            watch.MemoryBytes,
            watch.LiveActors,
            cpuAfter.BusySeconds - cpu.BusySeconds,
            (cpuAfter.BusySeconds - cpu.BusySeconds) / (cpuAfter.AllSeconds - cpu.AllSeconds));

        // Counters live as long as the process, which is longer than the installation.
        double Grown(string name, string label) => metricsAfter.Sum(name, label) - metrics.Sum(name, label);
    }
}
