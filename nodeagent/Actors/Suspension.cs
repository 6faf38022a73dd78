namespace Substrate.NodeAgent.Actors;

/// <summary>What became of a suspension.</summary>
internal enum SuspensionOutcome
{
    /// <summary>At rest, committed.</summary>
    Done,

    /// <summary>Called off: requests are in flight or one arrived.</summary>
    Busy,

    /// <summary>Not running here in that epoch.</summary>
    Stale,

    /// <summary>The checkpoint failed; the actor runs on.</summary>
    Failed,

    /// <summary>At rest on this node's disk, but not in the store yet.</summary>
    NotStored,
}

/// <summary>What became of a suspension, and why.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">In words for people; empty when it is done.</param>
internal readonly record struct SuspensionResult(SuspensionOutcome Outcome, string Reason = "");

/// <summary>One attempt to suspend an actor. Until the checkpoint begins, a wake calls it off.</summary>
internal sealed class Suspension(bool pause)
{
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SuspensionResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Pause => pause;

    /// <summary>Ends when a request wants the actor.</summary>
    public Task Woken => _woken.Task;

    /// <summary>True once nothing calls it off any more; guarded by the actor's lock.</summary>
    public bool Committed { get; set; }

    public Task<SuspensionResult> Result => _result.Task;

    public void Wake() => _woken.TrySetResult();

    public void Finish(SuspensionResult result) => _result.TrySetResult(result);
}
