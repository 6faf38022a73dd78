using System.Globalization;
using Substrate.Admin.V1;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Timers;

namespace Substrate.Scheduler.Api;

/// <summary>Writes records as the messages of <c>substrate.v1.Admin</c>.</summary>
internal static class AdminMessages
{
    public static ActorSummary Actor(ActorRecord record) => new()
    {
        Atespace = record.Key.Atespace,
        Name = record.Key.Name,
        TemplateNamespace = record.Template.Namespace,
        TemplateName = record.Template.Name,
        State = ActorMessages.StatusName(record.State),
        Node = record.Node.Length > 0 ? record.Node : record.OnOneNodeOnly ? record.Snapshot!.Node : "",
        Version = record.Version,
        Epoch = record.Epoch,
        Labels = { record.Labels },
        UpdatedAt = Rfc3339(record.UpdatedAt),
        Reason = record.Reason,
    };

    public static Node Node(NodeStatus status, bool live) => new()
    {
        Id = status.Id,
        Pool = status.Pool,
        Labels = { status.Labels },
        Address = status.Address,
        Incarnation = status.Incarnation,
        Runtime = status.Runtime,
        Slots = status.Slots,
        Active = status.Active,
        Evictable = status.Evictable,
        Frozen = status.Frozen,
        MemoryBytes = status.MemoryBytes,
        MemoryTaken = status.MemoryTaken,
        CpuMillis = status.CpuMillis,
        CpuTaken = status.CpuTaken,
        Draining = status.Draining,
        Live = live,
    };

    public static Admin.V1.Timer Timer(ActorTimer timer) => new()
    {
        Atespace = timer.Atespace,
        Actor = timer.Actor,
        Name = timer.Name,
        At = timer.At is { } at ? Rfc3339(at) : "",
        Cron = timer.Cron,
        TimeZone = timer.TimeZone,
        Next = Rfc3339(timer.Due),
        Problem = timer.Problem,
    };

    public static string Rfc3339(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
