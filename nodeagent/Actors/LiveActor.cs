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

    /// <summary>Over; the sandbox is gone or going.</summary>
    Gone,
}

/// <summary>One activation on this node. Its phase changes under its lock; whoever moves it out of a phase owns the next step.</summary>
internal sealed class LiveActor(ActorKey key, long epoch, long now)
{
    private readonly TaskCompletionSource<NodeActivation> _activation = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ActorKey Key => key;

    public long Epoch => epoch;

    public Lock Lock { get; } = new();

    /// <summary>Guarded by <see cref="Lock"/>.</summary>
    public LivePhase Phase { get; set; } = LivePhase.Resuming;

    /// <summary>The suspension under way; guarded by <see cref="Lock"/>.</summary>
    public Suspension? Suspension { get; set; }

    /// <summary>Set before the phase becomes <see cref="LivePhase.Running"/>.</summary>
    public Sandbox? Sandbox { get; set; }

    /// <summary>How the activation ended, for everyone who asked for it.</summary>
    public Task<NodeActivation> Activation => _activation.Task;

    public Activity Activity { get; } = new(now);

    /// <summary>Timestamp at which the activation began.</summary>
    public long Since => now;

    public void Finish(NodeActivation activation) => _activation.TrySetResult(activation);
}
