using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Actors;

/// <summary>Looks at every live actor several times a second: is its process there, has it a connection open, does it compute.</summary>
internal sealed class ActivityMonitor(
    LiveActors live, Ending ending, ICgroups cgroups, NodeIdentity identity, TimeProvider time, ILogger<ActivityMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Share of a core above which an actor counts as computing. A sandbox with nothing to do uses about 4% for its own timers.
    /// </summary>
    private const double Computing = 0.2;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var last = time.GetTimestamp();
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = time.GetTimestamp();
            var elapsed = time.GetElapsedTime(last, now);
            last = now;
            foreach (var actor in live.All)
            {
                try
                {
                    await LookAsync(actor, now, elapsed);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // What cannot be seen counts as busy: an actor that is left alone too long costs memory, one suspended at work costs trust.
                    actor.Activity.Saw(busy: true, packets: true, now);
                    Log.LookFailed(logger, actor.Key.ToString(), e.Message);
                }
            }
        }
    }

    private async Task LookAsync(LiveActor actor, long now, TimeSpan elapsed)
    {
        LivePhase phase;
        lock (actor.Lock)
        {
            phase = actor.Phase;
        }

        if (phase != LivePhase.Running || actor.Sandbox is not { } sandbox || identity.Fenced)
        {
            return;
        }

        if (!sandbox.Alive)
        {
            await ending.LostAsync(actor);
            return;
        }

        var activity = actor.Activity;
        var cpu = cgroups.CpuTime(sandbox.Id);
        var computing = activity.CpuTime > TimeSpan.Zero && (cpu - activity.CpuTime) / elapsed > Computing;
        var packets = sandbox.Berth.Network.Packets;
        activity.Saw(sandbox.Berth.Flows.Open() > 0 || computing, packets != activity.Packets || computing, now);
        (activity.CpuTime, activity.Packets) = (cpu, packets);
        ActorLogs.Bound(sandbox);
    }
}
