using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Scheduler;

/// <summary>Everything the scheduler logs. Never an environment value, a token or a manifest.</summary>
internal static partial class SchedulerLog
{
    [LoggerMessage(1, LogLevel.Information, "This scheduler leads, fencing token {Token}")]
    public static partial void Leads(ILogger logger, long token);

    [LoggerMessage(2, LogLevel.Information, "This scheduler no longer leads")]
    public static partial void LeadsNoMore(ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The leader's lease could not be renewed: {Problem}")]
    public static partial void LeaseUnknown(ILogger logger, string problem);

    [LoggerMessage(4, LogLevel.Error, "Loop {Loop} failed and goes on with its next round")]
    public static partial void LoopFailed(ILogger logger, string loop, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Loop {Loop} was cut short: the store does not answer: {Problem}")]
    public static partial void StoreAway(ILogger logger, string loop, string problem);

    [LoggerMessage(6, LogLevel.Information, "This scheduler makes a dry run: it says what it would do and does nothing")]
    public static partial void DryRun(ILogger logger);

    [LoggerMessage(7, LogLevel.Information, "Loop {Loop} would {Kind} {Subject}")]
    public static partial void WouldDo(ILogger logger, string loop, string kind, string subject);

    [LoggerMessage(8, LogLevel.Debug, "Plan {Version} is published; it empties {Emptying} nodes")]
    public static partial void Planned(ILogger logger, long version, int emptying);

    [LoggerMessage(9, LogLevel.Information, "Node {Node}: the operator wants {Wish}")]
    public static partial void Wished(ILogger logger, string node, string wish);

    [LoggerMessage(10, LogLevel.Warning, "Node {Node} is gone: {Actors} actors were or may have been live there")]
    public static partial void NodeGone(ILogger logger, string node, int actors);

    [LoggerMessage(11, LogLevel.Warning, "Actor {Actor} is lost with node {Node}; it goes on from its newest snapshot")]
    public static partial void ActorLost(ILogger logger, ActorKey actor, string node);

    [LoggerMessage(12, LogLevel.Warning, "The newest state of {Actors} paused actors is only on node {Node}, which is gone; they wait for it to come back")]
    public static partial void Stranded(ILogger logger, int actors, string node);

    [LoggerMessage(13, LogLevel.Information, "Node {Node} is gone and nothing refers to it any more; its record is removed")]
    public static partial void NodeRemoved(ILogger logger, string node);

    [LoggerMessage(20, LogLevel.Information, "Actor {Actor} was idle for {Idle} and is paused on node {Node}")]
    public static partial void Paused(ILogger logger, ActorKey actor, string node, TimeSpan idle);

    [LoggerMessage(21, LogLevel.Debug, "Actor {Actor} was not paused on node {Node}: {Outcome} {Reason}")]
    public static partial void NotPaused(ILogger logger, ActorKey actor, string node, string outcome, string reason);

    [LoggerMessage(22, LogLevel.Warning, "Actor {Actor} could not be paused on node {Node}: {Reason}")]
    public static partial void PauseFailed(ILogger logger, ActorKey actor, string node, string reason);

    [LoggerMessage(23, LogLevel.Information, "The snapshot of actor {Actor} moved from node {Node} to the store")]
    public static partial void Uploaded(ILogger logger, ActorKey actor, string node);

    [LoggerMessage(24, LogLevel.Warning, "The snapshot of actor {Actor} could not be moved from node {Node} to the store: {Reason}")]
    public static partial void UploadFailed(ILogger logger, ActorKey actor, string node, string reason);

    [LoggerMessage(25, LogLevel.Warning, "Node {Node} does not say what runs on it: {Reason}")]
    public static partial void NodeSilent(ILogger logger, string node, string reason);

    [LoggerMessage(26, LogLevel.Information, "Actor {Actor} was idle for {Idle} and is paused on node {Node}, so that there is room before it is needed")]
    public static partial void PausedForRoom(ILogger logger, ActorKey actor, string node, TimeSpan idle);

    [LoggerMessage(31, LogLevel.Warning, "Actor {Actor} is not on node {Node}, which was to suspend it: it goes on from its newest snapshot")]
    public static partial void SuspensionLost(ILogger logger, ActorKey actor, string node);

    [LoggerMessage(30, LogLevel.Warning, "The activation of actor {Actor} on node {Node} did not finish in time and is undone")]
    public static partial void Overdue(ILogger logger, ActorKey actor, string node);

    [LoggerMessage(40, LogLevel.Information, "The golden snapshot of template {Template} is being built on node {Node}")]
    public static partial void Building(ILogger logger, TemplateKey template, string node);

    [LoggerMessage(41, LogLevel.Information, "Template {Template} is ready: golden snapshot {Snapshot}, {Bytes} bytes")]
    public static partial void TemplateReady(ILogger logger, TemplateKey template, string snapshot, long bytes);

    [LoggerMessage(42, LogLevel.Warning, "Template {Template} failed: {Reason}")]
    public static partial void TemplateFailed(ILogger logger, TemplateKey template, string reason);

    [LoggerMessage(43, LogLevel.Information, "The golden snapshot of template {Template} is tried again in {Pause}: {Reason}")]
    public static partial void TemplateRetried(ILogger logger, TemplateKey template, TimeSpan pause, string reason);

    [LoggerMessage(44, LogLevel.Warning, "Timer {Timer} did not wake actor {Actor} and is tried again: {Problem}")]
    public static partial void TimerFailed(ILogger logger, string timer, ActorKey actor, string problem);

    [LoggerMessage(50, LogLevel.Debug, "{Method}: {Code} in {Elapsed} {Detail}")]
    public static partial void Called(ILogger logger, string method, string code, TimeSpan elapsed, string detail);

    [LoggerMessage(51, LogLevel.Error, "{Method} failed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(52, LogLevel.Warning, "What is kept of the deleted actor {Actor} could not be removed on node {Node}: {Reason}")]
    public static partial void NotDiscarded(ILogger logger, ActorKey actor, string node, string reason);

    [LoggerMessage(53, LogLevel.Information, "Template {Template} is {Result}")]
    public static partial void Applied(ILogger logger, TemplateKey template, string result);

    [LoggerMessage(54, LogLevel.Information, "A certificate for the admin API was made: {Path}")]
    public static partial void CertificateMade(ILogger logger, string path);
}
