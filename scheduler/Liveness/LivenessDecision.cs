using Substrate.Scheduler.Census;
using Substrate.State.Actors;

namespace Substrate.Scheduler.Liveness;

/// <summary>What to do about an actor that a node's set names.</summary>
internal enum MemberFate
{
    /// <summary>It is there, or its only copy is.</summary>
    Keep,

    /// <summary>It is not there: take it off the set.</summary>
    Forget,

    /// <summary>It was there and the node is gone: back to its newest snapshot.</summary>
    Lose,

    /// <summary>The node is gone, and with it the only copy of its newest state, until the node comes back.</summary>
    Strand,
}

/// <summary>Decides what the life or death of a node means for the actors of its set.</summary>
internal static class LivenessDecision
{
    public static MemberFate Decide(NodeCensus node, in Member member) => member.Record switch
    {
        null => MemberFate.Forget,
        { State: not (ActorState.Suspended or ActorState.Paused) } record when record.Node == node.Id =>
            node.Lease.Live ? MemberFate.Keep : MemberFate.Lose,
        { State: ActorState.Paused, Snapshot: { Stored: false } snapshot } when snapshot.Node == node.Id =>
            node.Lease.Live ? MemberFate.Keep : MemberFate.Strand,
        _ => MemberFate.Forget,
    };
}
