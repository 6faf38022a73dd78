namespace Substrate.NodeAgent;

/// <summary>Everything a node says: Information once per change in an actor's life, Warning when something is tried again, Error when a person should look.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} is ready: {Slots} slots, runsc {Runtime}, network {Network}")]
    public static partial void Ready(ILogger logger, string node, int slots, string runtime, string network);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Actor} epoch {Epoch} runs at {Endpoint}: restored in {RestoreMs:0.0} ms (warm sandbox: {Warm})")]
    public static partial void Activated(ILogger logger, string actor, long epoch, string endpoint, double restoreMs, bool warm);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Actor} epoch {Epoch} is at rest in snapshot {Snapshot}: {Bytes} bytes, checkpoint {CheckpointMs:0.0} ms")]
    public static partial void Suspended(ILogger logger, string actor, long epoch, string snapshot, long bytes, double checkpointMs);

    [LoggerMessage(Level = LogLevel.Information, Message = "Template {Template} has golden snapshot {Snapshot} of {Bytes} bytes, built on node {Node}")]
    public static partial void GoldenBuilt(ILogger logger, string template, string snapshot, long bytes, string node);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Actor} epoch {Epoch} goes on: {Cause}")]
    public static partial void Thawed(ILogger logger, string actor, long epoch, Actors.ThawCause cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Image} is here as {Digest}")]
    public static partial void ImagePrepared(ILogger logger, string image, string digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "Image {Digest} was removed: nothing refers to it")]
    public static partial void ImageRemoved(ILogger logger, string digest);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unused images could not be looked for: {Problem}")]
    public static partial void ImagesNotSwept(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: {Actors} live actors are being paused")]
    public static partial void Draining(ILogger logger, int actors);

    [LoggerMessage(Level = LogLevel.Information, Message = "Recovered after an earlier run: {Kept} live actors kept as snapshots, {Killed} sandboxes and {Networks} networks removed")]
    public static partial void Recovered(ILogger logger, int kept, int killed, int networks);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease is back: {Actors} actors go on")]
    public static partial void Regained(ILogger logger, int actors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease could not be renewed in time: {Actors} actors are frozen until it is")]
    public static partial void Fenced(ILogger logger, int actors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node's lease could not be renewed: {Problem}")]
    public static partial void RenewalFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The actors could not be frozen and will be tried again: {Problem}")]
    public static partial void FreezeFailed(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Another live agent holds the name of node {Node}")]
    public static partial void NameTaken(ILogger logger, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} epoch {Epoch} was lost: {Reason}")]
    public static partial void Lost(ILogger logger, string actor, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Actor} epoch {Epoch} has ended, and its record could not be settled: {Problem}")]
    public static partial void SettlingFailed(ILogger logger, string actor, long epoch, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Actor} epoch {Epoch} was ended: {Why}")]
    public static partial void Killed(ILogger logger, string actor, long epoch, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} epoch {Epoch} did not come up in one sandbox: {Problem}")]
    public static partial void RestoreFailed(ILogger logger, string actor, long epoch, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} epoch {Epoch} could not be activated: {Problem}")]
    public static partial void ActivationFailed(ILogger logger, string actor, long epoch, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Actor} epoch {Epoch} could not be suspended and runs on: {Problem}")]
    public static partial void SuspensionFailed(ILogger logger, string actor, long epoch, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot of {Actor} epoch {Epoch} is not committed yet and will be: {Problem}")]
    public static partial void CommitDelayed(ILogger logger, string actor, long epoch, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store does not answer; what happened here is recorded once it does: {Problem}")]
    public static partial void StoreAway(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Snapshot {Snapshot} is not in the store yet; next attempt in {Seconds:0} s: {Problem}")]
    public static partial void UploadFailed(ILogger logger, string snapshot, double seconds, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No sandbox could be prepared for template {Template}: {Problem}")]
    public static partial void RefillFailed(ILogger logger, string template, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The golden snapshot of template {Template} is not built yet: {Problem}")]
    public static partial void GoldenDelayed(ILogger logger, string template, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sandbox {Sandbox} could not be removed completely: {Problem}")]
    public static partial void RemovalFailed(ILogger logger, string sandbox, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The activity of {Actor} could not be told: {Problem}")]
    public static partial void LookFailed(ILogger logger, string actor, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Actor} could not be paused while draining: {Problem}")]
    public static partial void DrainFailed(ILogger logger, string actor, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node}: the operator wants {Wish}")]
    public static partial void Wished(ILogger logger, string node, string wish);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Actors} actors were not at rest after {Seconds:0} s of draining; they stay as they are")]
    public static partial void DrainUnfinished(ILogger logger, int actors, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of {Actor} in sandbox {Sandbox} of an earlier run could not be kept: {Problem}")]
    public static partial void NotKept(ILogger logger, string actor, string sandbox, string problem);
}
