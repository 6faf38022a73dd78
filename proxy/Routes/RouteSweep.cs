using StackExchange.Redis;
using Substrate.Proxy.Configuration;
using Substrate.State.Storage;

namespace Substrate.Proxy.Routes;

/// <summary>
/// Keeps the routes true without events: forgets those that nobody uses, and compares the others with their records. While the store
/// is away they stay, up to the age at which they are no longer used.
/// </summary>
internal sealed class RouteSweep(
    RouteTable routes, ActorStore actors, LiveOptions live, TimeProvider time, ILogger<RouteSweep> logger) : BackgroundService
{
    /// <summary>Reads under way at once.</summary>
    private const int Parallel = 16;

    /// <summary>Looks at each route once.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetTimestamp();
        var due = new List<Route>();
        foreach (var route in routes.All)
        {
            if (route.TakeTouched())
            {
                route.LastUsed = now;
            }

            if (time.GetElapsedTime(route.LastUsed, now) >= live.Value.RouteIdle)
            {
                routes.Drop(route);
            }
            else if (time.GetElapsedTime(route.CheckedAt, now) >= live.Value.RouteCheckAfter)
            {
                due.Add(route);
            }
        }

        var bounded = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken };
        await System.Threading.Tasks.Parallel.ForEachAsync(due, bounded, async (route, _) => await CheckAsync(route));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var shortest = live.Value.RouteIdle < live.Value.RouteCheckAfter ? live.Value.RouteIdle : live.Value.RouteCheckAfter;
        using var timer = new PeriodicTimer(shortest / 5, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host ends.
        }
    }

    private async Task CheckAsync(Route route)
    {
        var readAt = time.GetTimestamp();
        try
        {
            if (RouteRules.Holds(await actors.GetAsync(route.Key), route.Record))
            {
                route.CheckedAt = readAt;
            }
            else
            {
                routes.Drop(route);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException or InvalidDataException)
        {
            Log.RouteNotChecked(logger, route.Key, e.Message);
        }
    }
}
