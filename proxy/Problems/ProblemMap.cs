using Substrate.Proxy.Activation;
using Substrate.Proxy.Routing;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Problems;

/// <summary>The one place where outcomes become HTTP statuses.</summary>
internal static class ProblemMap
{
    /// <summary>A request that names no actor.</summary>
    /// <param name="kind">How it fails to.</param>
    /// <param name="host">Its host.</param>
    /// <param name="path">Its path.</param>
    /// <param name="suffix">A suffix for the example.</param>
    public static Problem Unaddressed(AddressKind kind, string host, string path, string suffix) => kind switch
    {
        AddressKind.BadHost => new(
            400, "bad-host", "The host names no actor.", $"Host '{Shown(host)}' must be ACTOR.ATESPACE.{suffix}, {Rule}"),
        AddressKind.BadHeader => new(
            400, "bad-header", "The header names no actor.", $"Header {AddressSpace.Header} must be ATESPACE/ACTOR or ATESPACE/ACTOR:PORT, {Rule}"),
        AddressKind.BadPath => new(
            400, "bad-path", "The path names no actor.", $"Path '{Shown(path)}' must be /actors/ATESPACE/ACTOR/…, {Rule}"),
        _ => new(
            404,
            "no-actor-named",
            "The request names no actor.",
            $"Neither host '{Shown(host)}' nor path '{Shown(path)}' names an actor. Actors are reached as http://ACTOR.ATESPACE.{suffix}/… or as /actors/ATESPACE/ACTOR/…"),
    };

    /// <summary>A request whose actor did not come up while it was held.</summary>
    public static Problem NotUp(ActorKey actor, in Held held, TimeSpan holdTimeout) => held.Outcome switch
    {
        HoldOutcome.ActorFull => new(
            503, "actor-queue-full", "Too many requests wait for this actor.", $"Actor {actor} is coming up and its queue is full.", 1),
        HoldOutcome.AtespaceFull => new(
            503, "atespace-queue-full", "Too many requests wait for this atespace.", $"Actors of atespace {actor.Atespace} are coming up and its queue is full.", 1),
        HoldOutcome.ProxyFull => new(
            503, "proxy-queue-full", "Too many requests wait for actors.", $"No further request can wait for actor {actor}.", 1),
        HoldOutcome.TimeUp => new(
            504,
            "hold-timeout",
            "The actor did not come up in time.",
            held.Result?.Reason is { Length: > 0 } reason ? reason : $"Actor {actor} did not come up within {holdTimeout.TotalSeconds:0.#} s."),
        _ => NotActivated(actor, held.Result!),
    };

    /// <summary>A browser's request whose actor is still coming up: it is answered by a page that loads itself again.</summary>
    public static Problem StillWaking(ActorKey actor) => new(
        503, "actor-waking", "The actor is waking up.", $"Actor {actor} is waking up. This page loads itself again.", 2);

    /// <summary>A request for a port that the actor's template does not declare.</summary>
    public static Problem NoSuchPort(ActorKey actor, int port) => new(
        404, "port-not-declared", "The actor has no such port.", $"The template of actor {actor} declares no port {port}.");

    /// <summary>A request that was sent on, or was to be, and got no answer.</summary>
    public static Problem NotForwarded(ActorKey actor, ForwarderError error, Exception? exception) => error switch
    {
        ForwarderError.RequestBodyClient when BadRequest(exception) is { StatusCode: StatusCodes.Status413PayloadTooLarge } tooLarge => new(
            413, "body-too-large", "The request's body is too large.", tooLarge.Message),
        ForwarderError.RequestBodyClient when BadRequest(exception) is { StatusCode: StatusCodes.Status408RequestTimeout } slow => new(
            408, "request-too-slow", "The request's body came too slowly.", slow.Message),
        ForwarderError.RequestBodyClient => new(
            400, "request-body-broken", "The request's body ended early.", "The body could not be read to its end: " + Words(exception)),
        ForwarderError.RequestTimedOut => TooLong(actor),
        ForwarderError.Request when exception is HttpRequestException { HttpRequestError: var kind } && IsGarbage(kind) => new(
            502, "actor-answer-broken", "The actor's answer is no HTTP.", $"Actor {actor} answered what cannot be understood: {Words(exception)}"),
        ForwarderError.RequestCreation => new(
            400, "request-not-forwardable", "The request cannot be sent on.", "The request cannot be written for the actor: " + Words(exception)),
        _ => new(
            502,
            "actor-connection-broken",
            "The actor did not answer.",
            $"The connection to actor {actor} broke before it answered; the request was not repeated, since it may have been executed: {Words(exception)}"),
    };

    /// <summary>A request whose time, as its template limits it, was up.</summary>
    public static Problem TooLong(ActorKey actor) =>
        new(504, "actor-timeout", "The actor did not answer in time.", $"Actor {actor} did not answer within the time that its template allows.");

    /// <summary>A request that could not be sent on even after its actor was looked up again.</summary>
    public static Problem Unreached(ActorKey actor, Exception? exception) => new(
        502, "actor-unreachable", "The actor cannot be reached.", $"No connection to actor {actor} could be made: {Words(exception)}", 1);

    private const string Rule =
        "where ACTOR and ATESPACE have 1 to 63 characters a-z, 0-9 or '-' and neither start nor end with '-'.";

    private static Problem NotActivated(ActorKey actor, ActivationResult result) => result.Outcome switch
    {
        ActivationOutcome.NotFound => new(
            404, "actor-not-found", "There is no such actor.", $"Atespace '{actor.Atespace}' has no actor '{actor.Name}'."),
        ActivationOutcome.TemplateNotReady => new(503, "template-not-ready", "The actor's template is not ready.", result.Reason),
        ActivationOutcome.NoNode => new(503, "no-node", "No node can run the actor.", result.Reason, 5),
        ActivationOutcome.NoRoom => new(503, "no-room", "Every slot is taken.", result.Reason, 2),
        ActivationOutcome.OverQuota => new(429, "over-quota", "The tenant's quota is used up.", result.Reason, 5),
        ActivationOutcome.TimedOut => new(504, "activation-timeout", "The actor did not come up in time.", result.Reason),
        _ => new(503, "activation-failed", "The actor could not be brought up.", result.Reason),
    };

    private static BadHttpRequestException? BadRequest(Exception? exception) => exception switch
    {
        BadHttpRequestException bad => bad,
        AggregateException many => many.Flatten().InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault(),
        _ => null,
    };

    private static bool IsGarbage(HttpRequestError error) =>
        error is HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.ConfigurationLimitExceeded;

    // What a client sent is shown back in part only.
    private static string Shown(string value) => value.Length <= 128 ? value : value[..128] + "…";

    private static string Words(Exception? exception) => exception?.InnerException?.Message ?? exception?.Message ?? "no reason is known";
}
