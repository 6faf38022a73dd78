using Substrate.Perf.Rounds;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Proxy;

/// <summary>The request path to an actor that runs, beside nginx, HAProxy and YARP's bare forwarder before the same backend.</summary>
internal sealed class ProxySuite : ISuite
{
    public static readonly IReadOnlyList<string> Contenders = [Servers.Nginx, Servers.HaProxy, Servers.Yarp, Servers.Substrate];

    private const int SmallRequests = 20_000;
    private const int LargeRequests = 4_000;
    private const int QuickShare = 4;

    private static readonly ProxyCase Tuning = new(Http2: false, Connections: 32, Large: false);

    public string Name => "proxy";

    public string Summary => "A request to an actor that runs, beside nginx, HAProxy and bare YARP; memory of idle, held and streaming clients.";

    public (int Full, int Quick)? Rounds => (7, 3);

    public TimeSpan Limit => TimeSpan.FromMinutes(10);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("substrate-bench-proxy-");
        try
        {
            await using var servers = await Servers.StartAsync(work.FullName, context.Time, cancellationToken);
            var measured = new List<(ProxyCase Case, RoundResults Results)>();
            foreach (var load in context.Quick ? ProxyCase.All.Where(static c => !c.Large) : ProxyCase.All)
            {
                context.Tell(load.Name);
                var names = load.Http2 ? Contenders : Contenders.Prepend(Servers.Backend);
                measured.Add((load, await RunAsync(context, servers, load, [.. names], work.FullName, cancellationToken)));
            }

            var footprint = await FootprintAsync(context, servers, cancellationToken);
            var tuned = await TuneAsync(context, servers, work.FullName, cancellationToken);
            return ProxyReport.Of(measured, footprint, tuned);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<RoundResults> RunAsync(
        SuiteContext context, Servers servers, ProxyCase load, IReadOnlyList<string> names, string work, CancellationToken cancellationToken)
    {
        var requests = (load.Large ? LargeRequests : SmallRequests) / (context.Quick ? QuickShare : 1);
        var contenders = names.Select(name =>
            new Contender(name, servers[name].Server, servers[name].Ports, Servers.Host, load, requests, work)).ToArray();
        return await new Interleaved(new RoundPlan(WarmUp: 2, context.Rounds, TimeSpan.FromMinutes(1)), context.Tell, context.Time).RunAsync(contenders, cancellationToken);
    }

    private static async Task<IReadOnlyDictionary<string, double>> FootprintAsync(SuiteContext context, Servers servers, CancellationToken cancellationToken)
    {
        var footprints = new Footprints(servers, context.Time, context.Tell);
        var share = context.Quick ? QuickShare : 1;
        return new Dictionary<string, double>
        {
            ["idle-connection"] = await footprints.IdleAsync(10_000 / share, cancellationToken),
            ["websocket"] = await footprints.WebSocketsAsync(1_000 / share, cancellationToken),
            ["held-request"] = await footprints.HeldAsync(2_000 / share, cancellationToken),
            ["stream-1g"] = await footprints.StreamAsync((1L << 30) / share, cancellationToken),
        };
    }

    // Other settings of the runtime, side by side under the load that matters most.
    private static async Task<RoundResults> TuneAsync(SuiteContext context, Servers servers, string work, CancellationToken cancellationToken)
    {
        context.Tell("settings of the runtime");
        foreach (var (name, environment) in RuntimeSettings.All)
        {
            await servers.StartSubstrateAsync(name, environment);
        }

        return await RunAsync(context, servers, Tuning, [.. RuntimeSettings.All.Keys], work, cancellationToken);
    }
}
