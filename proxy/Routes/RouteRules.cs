using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.Routes;

/// <summary>When what is heard or read of an actor ends a route to it.</summary>
internal static class RouteRules
{
    /// <summary>
    /// True when the event says that the actor is not, or may not be, where <paramref name="record"/> has it. Events may come late,
    /// so one that is no newer than the record says nothing. Ending a route that still holds costs one read of the record.
    /// </summary>
    public static bool Ends(in ActorEvent heard, ActorRecord record) =>
        heard.Version == 0
        || (heard.Version > record.Version && !(heard.State == ActorState.Running && heard.Epoch == record.Epoch));

    /// <summary>True when the record as read now still has the actor where <paramref name="routed"/> had it.</summary>
    public static bool Holds(ActorRecord? now, ActorRecord routed) =>
        now is { State: ActorState.Running }
        && now.Epoch == routed.Epoch
        && now.Endpoint == routed.Endpoint
        && now.Uid == routed.Uid;
}
