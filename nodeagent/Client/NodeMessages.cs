using Substrate.NodeAgent.V1;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgents;

/// <summary>Writes what the processes agree on as messages, and reads it from them.</summary>
internal static class NodeMessages
{
    public static Actor Actor(ActorKey key) => new() { Atespace = key.Atespace, Name = key.Name };

    public static ActivateRequest Activate(ActorRecord record, bool boot, TimeSpan wait) => new()
    {
        Actor = Actor(record.Key),
        Epoch = record.Epoch,
        TemplateNamespace = record.Template.Namespace,
        TemplateName = record.Template.Name,
        Snapshot = boot ? "" : record.Snapshot?.Id ?? "",
        Boot = boot,
        WaitMs = (int)Math.Clamp(wait.TotalMilliseconds, 0, int.MaxValue),
    };

    public static PrepareImageRequest PrepareImage(TemplateRecord template) => new()
    {
        TemplateNamespace = template.Key.Namespace,
        TemplateName = template.Key.Name,
        TemplateUid = template.Uid,
    };

    public static BuildGoldenRequest BuildGolden(TemplateRecord template) => new()
    {
        TemplateNamespace = template.Key.Namespace,
        TemplateName = template.Key.Name,
        TemplateUid = template.Uid,
    };

    public static NodeActivation Activation(ActivateReply reply) => reply.Outcome switch
    {
        ActivateReply.Types.Outcome.Running => new(NodeOutcome.Running, reply.Endpoint, "", Timings(reply.Timings)),
        ActivateReply.Types.Outcome.Refused => new(NodeOutcome.Refused, "", reply.Reason),
        ActivateReply.Types.Outcome.Stale => new(NodeOutcome.Stale, "", reply.Reason),
        ActivateReply.Types.Outcome.Failed => new(NodeOutcome.Failed, "", reply.Reason),
        var other => new(NodeOutcome.Unreachable, "", $"the node answered with an outcome unknown here ({(int)other})"),
    };

    private static ActivationTimings Timings(Timings? timings) => timings is null
        ? default
        : new(
            TimeSpan.FromMicroseconds(timings.QueueUs),
            TimeSpan.FromMicroseconds(timings.FetchUs),
            TimeSpan.FromMicroseconds(timings.RestoreUs),
            TimeSpan.FromMicroseconds(timings.ReadyUs),
            TimeSpan.FromMicroseconds(timings.PublishUs),
            timings.Warm);
}
