using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Looks at every live actor several times a second: has it a connection open, does it compute, did somebody ask to keep it awake. One
/// without work for long enough is frozen.
/// </summary>
internal sealed class ActivityMonitor(
    LiveActors live, Ending ending, Freezer freezer, Ledger ledger, VisitHistory visits, Limits limits, ICgroups cgroups, NodeIdentity identity, TimeProvider time, ILogger<ActivityMonitor> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

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
        if (actor is { Phase: LivePhase.Running, Sandbox.Alive: false } && !identity.Fenced)
        {
            await ending.LostAsync(actor);
            return;
        }

        lock (actor.Lock)
        {
            if (actor.Phase != LivePhase.Running || identity.Fenced)
            {
                return;
            }

            if (actor.Frost is not null)
            {
                // It does nothing, and what comes for it is watched for.
                actor.Activity.Saw(busy: false, packets: false, now);
                return;
            }
        }

        var sandbox = actor.Sandbox!;
        var (activity, idle) = (actor.Activity, sandbox.Template.Spec.Idle);
        var sight = new Sight(sandbox.Berth.Flows.Open(), sandbox.Berth.Network.Packets, cgroups.CpuTime(sandbox.Id));
        var computes = BusyRule.Computes(activity.Last, sight, elapsed);
        activity.Last = sight;
        activity.SawPackets(sight.Packets, now);
        visits.See(actor.Key, activity.PacketAt);
        var flows = BusyRule.FlowsAtWork(sight.Flows, time.GetElapsedTime(activity.PacketAt, now), idle.OpenStreams);
        activity.Saw(flows > 0 || computes || activity.KeepAwakeUntil > now, packets: computes, now);
        ActorLogs.Bound(sandbox);
        var memory = cgroups.Memory(sandbox.Id);
        if (actor.Place is { } place)
        {
            ledger.Uses(place, memory);
        }

        if (limits.Crippled(sandbox, memory))
        {
            // Its end is seen and told like any other.
            sandbox.Kill();
            return;
        }

        if (!activity.Busy && idle.FreezeAfter > TimeSpan.Zero && time.GetElapsedTime(activity.BusyAt, now) >= idle.FreezeAfter)
        {
            freezer.Freeze(actor, sight.Packets);
        }
    }
}
