using Substrate.Scheduler.Census;
using Substrate.State.Actors;

namespace Substrate.Scheduler.Repair;

/// <summary>Finds what nobody finished in time.</summary>
internal static class OverdueDecision
{
    /// <summary>Activations that anyone may fail.</summary>
    public static IEnumerable<ActorRecord> Overdue(ClusterCensus census) =>
        census.Nodes
            .SelectMany(static node => node.Members)
            .Select(static member => member.Record)
            .OfType<ActorRecord>()
            .Where(record => record.State == ActorState.Resuming && record.Deadline <= census.At)
            .DistinctBy(static record => record.Key);

    /// <summary>Suspensions on live nodes: only the node that runs the actor knows how far it is.</summary>
    public static IEnumerable<(NodeCensus Node, ActorRecord Record)> Suspensions(ClusterCensus census) =>
        census.Nodes
            .Where(static node => node.Lease.Live)
            .SelectMany(static node => node.Members, static (node, member) => (Node: node, member.Record))
            .Where(static found => found.Record is { State: ActorState.Suspending or ActorState.Pausing })
            .Select(static found => (found.Node, Record: found.Record!))
            .Where(found => found.Record.Node == found.Node.Id && found.Record.Deadline <= census.At);
}
