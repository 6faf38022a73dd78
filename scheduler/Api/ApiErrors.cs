using Grpc.Core;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Api;

/// <summary>Every status that the admin API answers with, in the words that existing clients compare.</summary>
internal static class ApiErrors
{
    private const int LongestName = 128;

    public static RpcException Unauthenticated(string message) => Error(StatusCode.Unauthenticated, message);

    public static RpcException Invalid(string message) => Error(StatusCode.InvalidArgument, message);

    public static RpcException ActorNotFound(string name) => Error(StatusCode.NotFound, $"Actor {name} not found");

    public static RpcException NodeNotFound(string name) => Error(StatusCode.NotFound, $"Node {name} not found");

    public static RpcException ActorExists(string name) => Error(StatusCode.AlreadyExists, $"Actor {name} already exists");

    public static RpcException AtespaceNotFound(string name) => Error(StatusCode.NotFound, $"Atespace {name} not found");

    public static RpcException AtespaceMissing(string name) => Error(StatusCode.FailedPrecondition, $"Atespace {name} not found");

    public static RpcException AtespaceExists(string name) => Error(StatusCode.AlreadyExists, $"Atespace {name} already exists");

    public static RpcException AtespaceNotEmpty(string name) => Error(StatusCode.FailedPrecondition, $"Atespace {name} is not empty");

    public static RpcException DomainNotFound(string name) => Error(StatusCode.NotFound, $"Domain {name} not found");

    public static RpcException DomainTaken(string name, ActorKey owner) => Error(StatusCode.AlreadyExists, $"Domain {name} names actor {owner} already");

    public static RpcException TemplateMissing(string @namespace, string name) =>
        Error(StatusCode.FailedPrecondition, $"ActorTemplate {Short(@namespace)}/{Short(name)} not found");

    public static RpcException TemplateNotFound(string @namespace, string name) =>
        Error(StatusCode.NotFound, $"ActorTemplate {Short(@namespace)}/{Short(name)} not found");

    public static RpcException TemplateImmutable(TemplateKey key, string? field) =>
        Error(StatusCode.FailedPrecondition, $"ActorTemplate {key}: Spec is immutable{(field is null ? "" : $" ({field} differs)")}; apply it under another name");

    public static RpcException NotSuspended(ActorRecord record) =>
        Error(StatusCode.FailedPrecondition, $"Actor {record.Key.Name} is not suspended (status: {ActorMessages.StatusName(record.State)})");

    /// <summary>The state forbids what was asked.</summary>
    public static RpcException NotInState(ActorRecord record, string done) =>
        Error(StatusCode.FailedPrecondition, $"Actor {record.Key.Name} cannot be {done} (status: {ActorMessages.StatusName(record.State)})");

    public static RpcException HolderGone(ActorRecord record) => Error(
        StatusCode.FailedPrecondition, $"Actor {record.Key.Name} has its newest state only on node {record.Snapshot?.Node}, which is not alive (status: {ActorMessages.StatusName(record.State)})");

    public static RpcException Woken(ActorRecord record, string done) =>
        Error(StatusCode.Aborted, $"Actor {record.Key.Name} was woken by a request while it was being {done}, please retry");

    public static RpcException OverQuota(QuotaRefusal refusal) => Error(StatusCode.ResourceExhausted, refusal.ToString());

    public static RpcException Conflict() => Error(StatusCode.Aborted, "concurrent update conflict, please retry");

    public static RpcException CheckpointFailed(ActorRecord record, string done, string reason) =>
        Error(StatusCode.Internal, $"Actor {record.Key.Name} could not be {done} and keeps running: {reason}");

    /// <summary>Time is up for a call that waited; what was begun goes on.</summary>
    public static RpcException TimeUp(ActorKey key, string done, string reason) =>
        Error(StatusCode.DeadlineExceeded, $"Actor {key.Name} was not {done} in time: {reason}");

    public static RpcException TimerNotFound(string actor, string name) => Error(StatusCode.NotFound, $"Timer {name} of actor {actor} not found");

    public static RpcException TooManyTimers(ActorKey key, int most) =>
        Error(StatusCode.ResourceExhausted, $"Actor {key.Name} has {most} timers, which is the most");

    public static RpcException TemplateInUse(TemplateKey key, ActorKey actor) =>
        Error(StatusCode.FailedPrecondition, $"ActorTemplate {key} has actors, for instance {actor}");

    public static RpcException TooManyWatches(int most) => Error(StatusCode.ResourceExhausted, $"{most} watches are open here, which is the most");

    public static RpcException WatchTooOld() => Error(StatusCode.OutOfRange, "the changes since then are no longer known: begin again without resume_token");

    public static RpcException Stopping() => Error(StatusCode.Unavailable, "this server is stopping");

    public static RpcException DebugClearOff() =>
        Error(StatusCode.FailedPrecondition, "DebugClear is not enabled on this server");

    public static RpcException NodeGone(string message) => Error(StatusCode.Unavailable, message);

    public static RpcException NeverRan(ActorKey key) => Error(StatusCode.FailedPrecondition, $"Actor {key.Name} has not run yet, so there is no output");

    public static RpcException StoreAway(string problem) => Error(StatusCode.Unavailable, $"the store does not answer: {problem}");

    public static RpcException Unexpected() => Error(StatusCode.Internal, "internal server error: see the server's log");

    /// <summary>What became of bringing an actor up; null when it runs.</summary>
    public static RpcException? Of(ActorKey key, ActivationResult result) => result.Outcome switch
    {
        ActivationOutcome.Running => null,
        ActivationOutcome.NotFound => ActorNotFound(key.Name),
        ActivationOutcome.TemplateNotReady => Error(StatusCode.FailedPrecondition, result.Reason),
        ActivationOutcome.NoNode when result.Record?.OnOneNodeOnly == true => HolderGone(result.Record),
        ActivationOutcome.NoNode => Error(StatusCode.FailedPrecondition, "no worker pool matches the template's sandboxClass and the template/actor selectors"),
        ActivationOutcome.NoRoom => Error(StatusCode.FailedPrecondition, "no free workers available"),
        ActivationOutcome.OverQuota => Error(StatusCode.ResourceExhausted, result.Reason),
        ActivationOutcome.Failed => Error(StatusCode.Internal, $"Actor {key.Name} did not come up: {result.Reason}"),
        _ => Error(StatusCode.DeadlineExceeded, result.Reason),
    };

    private static string Short(string name) => name.Length <= LongestName ? name : string.Concat(name.AsSpan(0, LongestName), "…");

    private static RpcException Error(StatusCode code, string message) => new(new Status(code, message));
}
