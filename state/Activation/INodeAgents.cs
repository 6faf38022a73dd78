using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.State.Activation;

/// <summary>The calls to node agents that bringing an actor up needs.</summary>
public interface INodeAgents
{
    /// <summary>Asks a node to bring up the actor that <paramref name="record"/> claims for it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="record">The claimed record: state RESUMING, this epoch, this node.</param>
    /// <param name="boot">Start a fresh process and use no snapshot.</param>
    /// <param name="wait">How long the node may hold the activation until it has room.</param>
    /// <param name="cancellationToken">Ends the waiting; the node finishes what it began.</param>
    Task<NodeActivation> ActivateAsync(NodeStatus node, ActorRecord record, bool boot, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Tells a node that a request wants an actor which it is suspending.</summary>
    Task WakeAsync(NodeStatus node, ActorRecord record, CancellationToken cancellationToken);
}

/// <summary>What a node answered to an activation.</summary>
public enum NodeOutcome
{
    /// <summary>The actor runs.</summary>
    Running,

    /// <summary>No room came up in time; the claim stands and may move on.</summary>
    Refused,

    /// <summary>The claim no longer stands.</summary>
    Stale,

    /// <summary>The actor did not come up; it is back at rest.</summary>
    Failed,

    /// <summary>The node could not be reached, or the call ended without an answer; what it did is unknown.</summary>
    Unreachable,
}

/// <summary>What a node answered to an activation.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Endpoint"><c>host:port</c> when it runs.</param>
/// <param name="Reason">Why not, otherwise.</param>
/// <param name="Timings">Phases on the node.</param>
public sealed record NodeActivation(NodeOutcome Outcome, string Endpoint = "", string Reason = "", ActivationTimings Timings = default);

/// <summary>Phases of an activation on its node.</summary>
public readonly record struct ActivationTimings(
    TimeSpan Queue, TimeSpan Fetch, TimeSpan Restore, TimeSpan Ready, TimeSpan Publish, bool Warm);
