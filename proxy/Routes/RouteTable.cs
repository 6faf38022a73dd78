using System.Collections.Concurrent;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Proxy.Routes;

/// <summary>The routes in use, by actor. Reading takes no lock; publishing and dropping are off the path of a request that hits.</summary>
internal sealed class RouteTable : IDisposable
{
    private readonly ConcurrentDictionary<ActorKey, Route> _routes = new(RouteKeyComparer.Instance);
    private readonly ConcurrentDictionary<ActorKey, Route>.AlternateLookup<ActorAddress> _byAddress;
    private readonly Lock _publishing = new();
    private readonly ActorConnections _connections;
    private readonly LiveOptions _live;
    private readonly ProxyMetrics _metrics;
    private readonly TimeProvider _time;

    public RouteTable(ActorConnections connections, LiveOptions live, ProxyMetrics metrics, TimeProvider time)
    {
        (_connections, _live, _metrics, _time) = (connections, live, metrics, time);
        _byAddress = _routes.GetAlternateLookup<ActorAddress>();
    }

    public int Count => _routes.Count;

    /// <summary>The routes of this moment.</summary>
    public IEnumerable<Route> All => _routes.Select(static pair => pair.Value);

    /// <summary>Enters the actor's route; the caller leaves it. False when there is none that may still be trusted.</summary>
    public bool TryEnter(ActorAddress address, out Route? route)
    {
        if (!_byAddress.TryGetValue(address, out route))
        {
            return false;
        }

        if (_time.GetElapsedTime(route.CheckedAt) > _live.Value.RouteMaxAge)
        {
            Drop(route);
            return false;
        }

        return route.TryEnter();
    }

    /// <summary>Makes the route of a RUNNING record, or returns the one that is there for the same activation.</summary>
    /// <param name="record">The record.</param>
    /// <param name="template">What the actor is made of, if that is known.</param>
    /// <param name="readAt">Timestamp before it was read.</param>
    public Route Publish(ActorRecord record, TemplateSpec? template, long readAt)
    {
        lock (_publishing)
        {
            if (_routes.TryGetValue(record.Key, out var known))
            {
                if (RouteRules.Holds(record, known.Record) && !known.IsRetired)
                {
                    known.CheckedAt = readAt;
                    return known;
                }

                Drop(known);
            }

            var route = new Route(record, _connections.Create(record, template), readAt);
            _routes[record.Key] = route;
            _metrics.Routes.Inc();
            return route;
        }
    }

    /// <summary>Drops this very route; one of a later activation stays.</summary>
    public void Drop(Route route)
    {
        if (_routes.TryRemove(KeyValuePair.Create(route.Key, route)))
        {
            _metrics.Routes.Dec();
        }

        route.Dispose();
    }

    /// <summary>Drops the actor's route when the event ends it.</summary>
    public void Hear(ActorEvent heard)
    {
        if (_routes.TryGetValue(heard.Key, out var route) && RouteRules.Ends(heard, route.Record))
        {
            Drop(route);
        }
    }

    public void Dispose()
    {
        foreach (var route in All)
        {
            Drop(route);
        }
    }
}
