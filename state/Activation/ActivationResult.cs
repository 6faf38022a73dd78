using Substrate.State.Actors;

namespace Substrate.State.Activation;

/// <summary>Why an actor is, or is not, up.</summary>
public enum ActivationOutcome
{
    /// <summary>It runs; the record has the endpoint.</summary>
    Running,

    /// <summary>There is no such actor.</summary>
    NotFound,

    /// <summary>Its template does not exist, is not ready, or failed; the reason says which.</summary>
    TemplateNotReady,

    /// <summary>The actor could not be brought up; the reason says why.</summary>
    Failed,

    /// <summary>No node matches the selectors, or the only node with its state is gone.</summary>
    NoNode,

    /// <summary>Time was up while every slot was taken.</summary>
    NoRoom,

    /// <summary>A quota of its atespace stands in the way; the reason says which, its limit and its use.</summary>
    OverQuota,

    /// <summary>Time was up for another cause; the reason says which.</summary>
    TimedOut,
}

/// <summary>What became of bringing an actor up.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Record">The record as last seen; null when there is none.</param>
/// <param name="Reason">In words for people; empty when it runs.</param>
/// <param name="Timings">Phases on the node, when this process drove the activation.</param>
public sealed record ActivationResult(
    ActivationOutcome Outcome, ActorRecord? Record, string Reason = "", ActivationTimings Timings = default);
