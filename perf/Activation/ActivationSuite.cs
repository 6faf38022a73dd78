using Substrate.Perf.Installations;
using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Perf.Activation;

/// <summary>
/// The ladder of waking an actor: the runtime's own restore, the node's activation, and a request through the proxy to an actor in each
/// tier of idleness, all in turns.
/// </summary>
internal sealed class ActivationSuite : ISuite
{
    /// <summary>Pause before each measurement, in which sandboxes torn down earlier end and fresh ones are made, off all paths.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private const int Slots = 12;
    private const int WarmUp = 2;

    private static readonly TemplateKey Awake = new("demo", "counter-awake");
    private static readonly TemplateKey Freezing = new("demo", "counter-freezing");

    public string Name => "activation";

    public string Summary => "Waking an actor from each tier of idleness, beside the runtime's own restore of the same snapshot.";

    public (int Full, int Quick)? Rounds => (30, 5);

    public TimeSpan Limit => TimeSpan.FromMinutes(15);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        var setting = new InstallationPlan(Slots) { Manifests = [Path.Combine(context.Home, "perf", "images", "activation.yaml")] };
        await using var installation = await context.Installations.StartAsync(setting, cancellationToken);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = installation.Ingress, Timeout = TimeSpan.FromSeconds(60) };
        ProxyContender Proxy(Rest rest) => new(installation, http, Actor(rest.Case), rest, context.Time);

        var paused = Proxy(Rest.Paused);
        await paused.PrepareAsync(IInstallation.Counter, cancellationToken);
        await using var restore = new RawRestore(await RawInputs.TakeAsync(installation, Actor(Rest.Paused.Case), cancellationToken), context.Time);
        await restore.PrepareAsync(cancellationToken);
        ProxyContender[] suspended = [Proxy(Rest.Suspended), Proxy(Rest.SuspendedCold)];
        ProxyContender[] live = [Proxy(Rest.Hot), Proxy(Rest.Frozen)];
        var direct = Proxy(Rest.Paused with { Case = NodeContender.Title });
        foreach (var (contender, template) in suspended.Append(direct).Select(static c => (c, IInstallation.Counter)).Append((live[0], Awake)).Append((live[1], Freezing)))
        {
            await contender.PrepareAsync(template, cancellationToken);
        }

        IContender[] contenders =
        [
            new RawContender(restore, context.Time),
            new NodeContender(installation, http, Actor(NodeContender.Title), context.Time),
            paused, .. suspended, new GoldenContender(installation, http, context.Time), .. live,
        ];
        var plan = new RoundPlan(WarmUp, context.Rounds, context.Quick ? TimeSpan.FromSeconds(60) : Limit / 2);
        var results = await new Interleaved(plan, context.Tell, context.Time).RunAsync(contenders, cancellationToken);
        return ActivationResult.Of(results, MemoryFigures.Take(installation, Actor(Rest.Hot.Case), Actor(Rest.Frozen.Case)));
    }

    private static ActorKey Actor(string name) => new(IInstallation.Atespace, "bench-" + name);
}
