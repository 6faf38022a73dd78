namespace Substrate.NodeAgent.Actors;

/// <summary>Why an actor is suspended.</summary>
internal enum SuspensionCause
{
    /// <summary>Somebody asked for it by name.</summary>
    Request,

    /// <summary>It was idle for as long as its template allows.</summary>
    Idle,

    /// <summary>Another actor needs its room.</summary>
    Room,

    /// <summary>The node is about to go and the actor's memory with it: connections that do not end are cut.</summary>
    Drain,
}
