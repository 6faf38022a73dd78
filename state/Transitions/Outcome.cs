namespace Substrate.State.Transitions;

/// <summary>What became of a transition.</summary>
public enum Outcome
{
    /// <summary>Done, now or by an earlier call of the same transition.</summary>
    Ok,

    /// <summary>There is no such actor.</summary>
    Missing,

    /// <summary>There is one of that name already.</summary>
    Exists,

    /// <summary>The actor's state does not allow it.</summary>
    WrongState,

    /// <summary>A newer activation, or another node or identity, holds the actor.</summary>
    Fenced,

    /// <summary>The only copy of the actor's state is on another node.</summary>
    Pinned,
}

/// <summary>The answer of every transition: what became of it, and the whole record afterwards.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Record">The record as it is now, as it was for a delete; null when there is none.</param>
public readonly record struct TransitionResult(Outcome Outcome, Actors.ActorRecord? Record)
{
    public bool Done => Outcome == Outcome.Ok;
}
