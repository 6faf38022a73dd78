using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary>Writes records as the messages of the admin API.</summary>
internal static class ActorMessages
{
    /// <summary>Stands where the original names the Kubernetes namespace of its workers.</summary>
    public const string WorkerNamespace = "substrate";

    public static string StatusName(ActorState state) => state switch
    {
        ActorState.Resuming => "STATUS_RESUMING",
        ActorState.Running => "STATUS_RUNNING",
        ActorState.Suspending => "STATUS_SUSPENDING",
        ActorState.Suspended => "STATUS_SUSPENDED",
        ActorState.Pausing => "STATUS_PAUSING",
        ActorState.Paused => "STATUS_PAUSED",
        _ => "STATUS_UNSPECIFIED",
    };

    public static Actor Actor(ActorRecord record, ClusterView view)
    {
        var node = view.Find(record.Node)?.Status;
        var actor = new Actor
        {
            ActorId = record.Key.Name,
            Atespace = record.Key.Atespace,
            Version = record.Version,
            ActorTemplateNamespace = record.Template.Namespace,
            ActorTemplateName = record.Template.Name,
            Status = (Actor.Types.Status)(int)record.State,
            AteomPodNamespace = record.Node.Length == 0 ? "" : WorkerNamespace,
            AteomPodName = record.Node,
            AteomPodIp = Host(record.Endpoint),
            AteomPodUid = node?.Incarnation ?? "",
            WorkerPoolName = node?.Pool ?? "",
            LatestSnapshotInfo = Snapshot(record),
        };
        if (!record.Selector.IsEmpty)
        {
            actor.WorkerSelector = new Selector { MatchLabels = { record.Selector } };
        }

        return actor;
    }

    /// <summary>Host of <c>host:port</c>.</summary>
    public static string Host(string endpoint) => endpoint[..Math.Max(0, endpoint.LastIndexOf(':'))].Trim('[', ']');

    private static SnapshotInfo? Snapshot(ActorRecord record) => record.Snapshot switch
    {
        null => null,
        { Stored: true } stored => new SnapshotInfo
        {
            Type = SnapshotType.External,
            External = new ExternalSnapshotInfo { SnapshotUriPrefix = $"store:{record.Key}/{stored.Id}" },
        },
        var local => new SnapshotInfo
        {
            Type = SnapshotType.Local,
            Local = new LocalSnapshotInfo { SnapshotPrefix = $"{record.Key}/{local.Id}", NodeVmsWithLocalSnapshots = { local.Node } },
        },
    };
}
