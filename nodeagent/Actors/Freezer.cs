using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.Actors;

/// <summary>What let a frozen actor go on.</summary>
internal enum ThawCause
{
    /// <summary>A packet was on its way to it.</summary>
    Packet,

    /// <summary>Somebody asked for it.</summary>
    Call,

    /// <summary>It is being suspended: a checkpoint needs it running.</summary>
    Suspension,
}

/// <summary>
/// Stops the CPU of actors without work, whose memory stays, and lets them go on the moment anything reaches them. A caller needs to
/// know nothing of it: the packet that carries its request is the signal, and waits in the sandbox's own queue meanwhile.
/// </summary>
internal sealed class Freezer(ICgroups cgroups, NodeMetrics metrics, TimeProvider time, ILogger<Freezer> logger)
{
    /// <summary>Freezes a running actor, unless a packet came since it was found idle.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="packets">Packets sent to it when it was found idle.</param>
    public void Freeze(LiveActor actor, long packets)
    {
        var sandbox = actor.Sandbox!;

        // 1. Watch first: from here on no packet goes unseen.
        var watch = sandbox.Berth.Network.Watch();
        if (!TryFreeze(actor, watch))
        {
            watch.Dispose();
            return;
        }

        metrics.Froze();
        _ = ThawAtPacketAsync(actor, watch);

        // 2. What came before the watch did may be a request that was frozen half served.
        if (sandbox.Berth.Network.Packets != packets)
        {
            Thaw(actor, ThawCause.Packet);
        }
    }

    private bool TryFreeze(LiveActor actor, IPacketWatch watch)
    {
        lock (actor.Lock)
        {
            try
            {
                if (actor.Phase != LivePhase.Running || actor.Frost is not null || !cgroups.Freeze(actor.Sandbox!.Id, frozen: true))
                {
                    return false;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its cgroup went: its process has ended, which is seen elsewhere.
                Log.LookFailed(logger, actor.Key.ToString(), e.Message);
                return false;
            }

            actor.Frost = watch;
            return true;
        }
    }

    /// <summary>Lets an actor go on; nothing happens when it is not frozen.</summary>
    public void Thaw(LiveActor actor, ThawCause cause)
    {
        var start = time.GetTimestamp();
        IPacketWatch? watch;
        lock (actor.Lock)
        {
            watch = actor.Frost;
            if (watch is null)
            {
                return;
            }

            try
            {
                cgroups.Freeze(actor.Sandbox!.Id, frozen: false);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Log.LookFailed(logger, actor.Key.ToString(), e.Message);
            }

            actor.Frost = null;
        }

        metrics.Thawed(cause, time.GetElapsedTime(start));
        actor.Activity.Saw(busy: true, packets: cause == ThawCause.Packet, time.GetTimestamp());
        Log.Thawed(logger, actor.Key.ToString(), actor.Epoch, cause);

        // The kernel waits until nobody uses a packet socket any more before it closes; nobody here needs to.
        _ = Task.Run(watch.Dispose);
    }

    private async Task ThawAtPacketAsync(LiveActor actor, IPacketWatch watch)
    {
        await watch.Seen;
        lock (actor.Lock)
        {
            if (actor.Frost != watch)
            {
                return;
            }
        }

        Thaw(actor, ThawCause.Packet);
    }
}
