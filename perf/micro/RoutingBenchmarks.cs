using System.Collections.Concurrent;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;

namespace Substrate.Perf.Micro;

/// <summary>From the path of a request to what is known of its actor: on the way of every request.</summary>
[MemoryDiagnoser]
public class RoutingBenchmarks
{
    private const int Actors = 10_000;
    private const string Path = "/actors/team-a/agent-7777/v1/chat/completions";

    private readonly ConcurrentDictionary<ActorKey, object> _routes = new(RouteKeyComparer.Instance);

    /// <summary>Fills a table as large as a busy proxy's.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (var i = 0; i < Actors; i++)
        {
            var key = new ActorKey("team-a", string.Create(CultureInfo.InvariantCulture, $"agent-{i}"));
            _routes[key] = key;
        }
    }

    [Benchmark]
    public int ParsePath() => ActorPath.Parse(Path, out var address) == AddressKind.Path ? address.Name.Length : -1;

    [Benchmark]
    public object? FindRoute()
    {
        _ = ActorPath.Parse(Path, out var address);
        return _routes.GetAlternateLookup<ActorAddress>().TryGetValue(address, out var route) ? route : null;
    }
}
