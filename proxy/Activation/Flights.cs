using Substrate.Proxy.Configuration;
using Substrate.Proxy.Routes;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.Activation;

/// <summary>Holds requests whose actor has no route, and brings each such actor up once for all of them.</summary>
internal sealed class Flights(
    IActivation activation, RouteTable routes, LiveOptions live, ProxyMetrics metrics, TimeProvider time, ILogger<Flights> logger)
    : IDisposable
{
    /// <summary>A request outwaits the work it started by this much, to answer with the reason the work ends with.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<ActorKey, Flight> _flights = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly HoldLedger _ledger = new();

    /// <summary>Requests held now.</summary>
    public int HeldNow
    {
        get
        {
            lock (_lock)
            {
                return _ledger.Total.Count;
            }
        }
    }

    /// <summary>Holds a request until its actor is up. Work under way goes on when the request leaves.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="deadEpoch">Epoch whose endpoint refused a connection; -1 for none.</param>
    /// <param name="bytes">What holding it takes.</param>
    /// <param name="limit">Longest time to hold it.</param>
    /// <param name="requestAborted">The caller left.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async Task<Held> HoldAsync(ActorKey key, long deadEpoch, long bytes, TimeSpan limit, CancellationToken requestAborted)
    {
        var start = time.GetTimestamp();
        ActivationResult? last = null;
        while (true)
        {
            var left = limit - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return new(HoldOutcome.TimeUp, null, last);
            }

            var refused = Join(key, deadEpoch, bytes, out var flight);
            if (refused is { } full)
            {
                return new(full, null, null);
            }

            Landing landing;
            try
            {
                landing = await flight!.Landed.WaitAsync(left + Grace, time, requestAborted);
            }
            catch (TimeoutException)
            {
                return new(HoldOutcome.TimeUp, null, last);
            }
            finally
            {
                Leave(key, bytes);
            }

            last = landing.Result;
            if (landing.Route is { } route)
            {
                if (route.TryEnter())
                {
                    return new(HoldOutcome.Up, route, last);
                }

                // The actor went to sleep again in between: wake it once more.
                continue;
            }

            // Work that began before this request and ran out of time has not used this request's time up.
            if (flight!.StartedAt >= start || !RanOutOfTime(last.Outcome))
            {
                return new(HoldOutcome.NotUp, null, last);
            }
        }
    }

    /// <summary>Lets the flight of an actor know what was heard of it.</summary>
    public void Hear(ActorEvent heard)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(heard.Key, out var flight))
            {
                flight.Hear(heard);
            }
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private HoldOutcome? Join(ActorKey key, long deadEpoch, long bytes, out Flight? flight)
    {
        var first = false;
        lock (_lock)
        {
            flight = null;
            if (_ledger.Take_NeedsLock(key, bytes, live.Value) is { } full)
            {
                return full;
            }

            if (!_flights.TryGetValue(key, out flight))
            {
                _flights[key] = flight = new Flight(key, time.GetTimestamp());
                first = true;
            }

            flight.DeadEpoch = Math.Max(flight.DeadEpoch, deadEpoch);
        }

        metrics.Held.Inc();
        metrics.HeldBytes.Inc(bytes);
        if (first)
        {
            _ = FlyAsync(flight);
        }

        return null;
    }

    private void Leave(ActorKey key, long bytes)
    {
        lock (_lock)
        {
            _ledger.Give_NeedsLock(key, bytes);
        }

        metrics.Held.Dec();
        metrics.HeldBytes.Dec(bytes);
    }

    // Runs on a token of its own: no caller's leaving ends it, its limit does.
    private async Task FlyAsync(Flight flight)
    {
        Landing landing;
        do
        {
            landing = await BringUpAsync(flight);
        }
        while (!TryEnd(flight, landing));

        metrics.Activated(landing.Result, time.GetElapsedTime(flight.StartedAt));
        flight.Land(landing);
    }

    // False when a request that joined meanwhile has found the very epoch dead that the work came back with.
    private bool TryEnd(Flight flight, Landing landing)
    {
        lock (_lock)
        {
            if (landing.Route is null || landing.Route.Epoch != flight.DeadEpoch)
            {
                return _flights.Remove(flight.Actor);
            }
        }

        routes.Drop(landing.Route);
        return false;
    }

    private async Task<Landing> BringUpAsync(Flight flight)
    {
        try
        {
            var key = flight.Actor;
            long dead;
            lock (_lock)
            {
                dead = flight.DeadEpoch;
            }

            var (result, template) = await activation.ActivateAsync(key, dead, live.Value.HoldTimeout, _stopping.Token);
            if (result.Outcome != ActivationOutcome.Running)
            {
                // Names of nobody come from anyone; they are no news of an actor.
                if (result.Outcome != ActivationOutcome.NotFound)
                {
                    Log.NotActivated(logger, key, result.Outcome, result.Reason);
                }

                return new(result, null);
            }

            var route = routes.Publish(result.Record!, template, flight.StartedAt);
            if (flight.HeardTheEndOf(route.Record))
            {
                routes.Drop(route);
            }

            Log.Activated(logger, key, route.Epoch, route.Destination);
            return new(result, route);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return new(new(ActivationOutcome.TimedOut, null, "the proxy is stopping"), null);
        }
        catch (Exception e)
        {
            Log.ActivationBroke(logger, e, flight.Actor);
            return new(new(ActivationOutcome.Failed, null, "the proxy could not bring the actor up: " + e.Message), null);
        }
    }

    private static bool RanOutOfTime(ActivationOutcome outcome) =>
        outcome is ActivationOutcome.TimedOut or ActivationOutcome.NoRoom or ActivationOutcome.NoNode;
}
