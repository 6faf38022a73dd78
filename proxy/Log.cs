using Substrate.State.Activation;
using Substrate.State.Actors;

namespace Substrate.Proxy;

/// <summary>All that the proxy logs: what changes an actor's reachability at Information, single requests at Debug.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "Actor {Actor} is up in epoch {Epoch} at {Destination}")]
    public static partial void Activated(ILogger logger, ActorKey actor, long epoch, string destination);

    [LoggerMessage(2, LogLevel.Information, "Actor {Actor} did not come up ({Outcome}): {Reason}")]
    public static partial void NotActivated(ILogger logger, ActorKey actor, ActivationOutcome outcome, string reason);

    [LoggerMessage(3, LogLevel.Error, "Bringing actor {Actor} up broke")]
    public static partial void ActivationBroke(ILogger logger, Exception exception, ActorKey actor);

    [LoggerMessage(4, LogLevel.Warning, "The store could not be asked for actor {Actor}, trying on: {Problem}")]
    public static partial void StoreAway(ILogger logger, ActorKey actor, string problem);

    [LoggerMessage(5, LogLevel.Warning, "The route to actor {Actor} could not be compared with its record: {Problem}")]
    public static partial void RouteNotChecked(ILogger logger, ActorKey actor, string problem);

    [LoggerMessage(6, LogLevel.Information, "Actor {Actor} could not be reached at {Destination} (epoch {Epoch}), looking it up again: {Problem}")]
    public static partial void Unreached(ILogger logger, ActorKey actor, string destination, long epoch, string problem);

    [LoggerMessage(7, LogLevel.Debug, "A request to actor {Actor} at {Destination} failed ({Error}): {Problem}")]
    public static partial void ForwardFailed(ILogger logger, ActorKey actor, string destination, Yarp.ReverseProxy.Forwarder.ForwarderError error, string problem);

    [LoggerMessage(8, LogLevel.Information, "Serving actors at {Listen} under {Suffixes}")]
    public static partial void Serving(ILogger logger, string listen, string suffixes);
}
