using Substrate.Scheduler.Census;
using Substrate.State.Actors;

namespace Substrate.Scheduler.Repair;

/// <summary>Finds activations that nobody finished. Overdue suspensions are the business of the node that runs the actor.</summary>
internal static class OverdueDecision
{
    public static IEnumerable<ActorRecord> Overdue(ClusterCensus census) =>
        census.Nodes
            .SelectMany(static node => node.Members)
            .Select(static member => member.Record)
            .OfType<ActorRecord>()
            .Where(record => record.State == ActorState.Resuming && record.Deadline <= census.At)
            .DistinctBy(static record => record.Key);
}
