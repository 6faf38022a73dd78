using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Activation;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.Actors;

/// <summary>Where a live actor is in its stay on this node.</summary>
internal enum LivePhase
{
    /// <summary>Waiting for room, or being restored.</summary>
    Resuming,

    /// <summary>Serving.</summary>
    Running,

    /// <summary>Being suspended; until the checkpoint begins a wake calls it off.</summary>
    Suspending,

    /// <summary>Its process has ended by itself; its record is being settled.</summary>
    Lost,

    /// <summary>Over; the sandbox is gone or going.</summary>
    Gone,
}

/// <summary>One activation on this node. Its phase changes under its lock; whoever moves it out of a phase owns the next step.</summary>
internal sealed class LiveActor(ActorKey key, long epoch, long now)
{
    private readonly TaskCompletionSource<NodeActivation> _activation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Place? _place;

    public ActorKey Key => key;

    public long Epoch => epoch;

    public Lock Lock { get; } = new();

    /// <summary>Guarded by <see cref="Lock"/>.</summary>
    public LivePhase Phase { get; set; } = LivePhase.Resuming;

    /// <summary>The suspension under way; guarded by <see cref="Lock"/>.</summary>
    public Suspension? Suspension { get; set; }

    /// <summary>Set while the actor is frozen: what watches for the packet that ends it; guarded by <see cref="Lock"/>.</summary>
    public IPacketWatch? Frost { get; set; }

    /// <summary>Set before the phase becomes <see cref="LivePhase.Running"/>.</summary>
    public Sandbox? Sandbox { get; set; }

    /// <summary>The room that it holds; null before it was let in and after it left.</summary>
    public Place? Place
    {
        get => Volatile.Read(ref _place);
        set => Volatile.Write(ref _place, value);
    }

    /// <summary>How the activation ended, for everyone who asked for it.</summary>
    public Task<NodeActivation> Activation => _activation.Task;

    public Activity Activity { get; } = new(now);

    /// <summary>Timestamp at which the activation began.</summary>
    public long Since => now;

    /// <summary>Connections that count as work now: those that are open, unless they were silent for too long.</summary>
    public int FlowsAtWork(TimeProvider time)
    {
        var (berth, now) = (Sandbox!.Berth, time.GetTimestamp());
        Activity.SawPackets(berth.Network.Packets, now);
        return BusyRule.FlowsAtWork(berth.Flows.Open(), time.GetElapsedTime(Activity.PacketAt, now), Sandbox.Template.Spec.Idle.OpenStreams);
    }

    /// <summary>Stops watching for packets; one that is over is not thawed but killed.</summary>
    public void StopWatching()
    {
        IPacketWatch? watch;
        lock (Lock)
        {
            (watch, Frost) = (Frost, null);
        }

        if (watch is not null)
        {
            // The kernel waits until nobody uses the socket any more.
            _ = Task.Run(watch.Dispose);
        }
    }

    /// <summary>Gives its room back, once.</summary>
    public void LeaveOnce(Ledger ledger)
    {
        if (Interlocked.Exchange(ref _place, null) is { } place)
        {
            ledger.Leave(place);
        }
    }

    public void Finish(NodeActivation activation) => _activation.TrySetResult(activation);
}
