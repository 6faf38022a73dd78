namespace Substrate.State.Actors;

/// <summary>Where an actor is in its life. The numbers are those of the admin API and of the stored record.</summary>
public enum ActorState
{
    Unspecified = 0,

    /// <summary>Claimed by an activation; a node is restoring it.</summary>
    Resuming = 1,

    /// <summary>Serving at <see cref="ActorRecord.Endpoint"/>.</summary>
    Running = 2,

    /// <summary>Being checkpointed, on its way to the snapshot store.</summary>
    Suspending = 3,

    /// <summary>At rest: its snapshot is in the store, or it has none yet and starts from the golden one.</summary>
    Suspended = 4,

    /// <summary>Being checkpointed to its node's disk.</summary>
    Pausing = 5,

    /// <summary>At rest: its newest snapshot is only on one node's disk.</summary>
    Paused = 6,
}
