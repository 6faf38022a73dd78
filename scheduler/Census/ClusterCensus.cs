using System.Collections.Immutable;
using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.Scheduler.Census;

/// <summary>An actor that a node's set names, and its record; null when it has none any more.</summary>
internal readonly record struct Member(ActorKey Key, ActorRecord? Record);

/// <summary>One node, live or not, and the actors that may be on it.</summary>
internal sealed record NodeCensus(NodeLease Lease, ImmutableArray<Member> Members)
{
    public string Id => Lease.Status.Id;
}

/// <summary>All nodes with their actors, as read at one time of the store's clock.</summary>
/// <param name="At">Time on the store's clock, not later than any of the reads.</param>
/// <param name="Nodes">The nodes.</param>
internal sealed record ClusterCensus(DateTimeOffset At, ImmutableArray<NodeCensus> Nodes);
