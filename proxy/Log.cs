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

    [LoggerMessage(9, LogLevel.Information, "The configuration was read again and is in force")]
    public static partial void Reloaded(ILogger logger);

    [LoggerMessage(10, LogLevel.Warning, "The configuration changed and was not taken over, what was in force stays: {Problem}")]
    public static partial void NotReloaded(ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Warning, "The configuration changed in what only a restart can change: {Options}")]
    public static partial void NeedsRestart(ILogger logger, string options);

    [LoggerMessage(12, LogLevel.Information, "Stopping: not ready from now on, requests are taken for another {Delay}, what is in flight may end within {Timeout}")]
    public static partial void Draining(ILogger logger, TimeSpan delay, TimeSpan timeout);

    [LoggerMessage(13, LogLevel.Warning, "The access log {File} cannot be written: {Problem}")]
    public static partial void AccessLogBroken(ILogger logger, string file, string problem);

    [LoggerMessage(14, LogLevel.Information, "{Count} certificates were read again and serve new connections")]
    public static partial void CertificatesLoaded(ILogger logger, int count);

    [LoggerMessage(15, LogLevel.Warning, "The certificates changed and cannot be read, those in use stay: {Problem}")]
    public static partial void CertificatesKept(ILogger logger, string problem);

    [LoggerMessage(16, LogLevel.Information, "HTTP/3 is off: libmsquic, which speaks QUIC, is not installed")]
    public static partial void NoHttp3(ILogger logger);

    [LoggerMessage(17, LogLevel.Debug, "Whom the domain {Domain} names could not be asked: {Problem}")]
    public static partial void DomainNotFound(ILogger logger, string domain, string problem);
}
