using Substrate.Scheduler.Census;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Templates;

namespace Substrate.Scheduler.UnitTests.Census;

/// <summary>Records and nodes as tests need them.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static ActorRecord Actor(ActorState state, string node = "", SnapshotRef? snapshot = null, string name = "a") => new()
    {
        Key = new("demo", name),
        State = state,
        Epoch = 3,
        Version = 7,
        Template = new("demo", "counter"),
        Uid = "u",
        Node = node,
        Snapshot = snapshot,
        UpdatedAt = Now,
    };

    public static NodeLease Lease(string id, bool live = true, int slots = 8, int active = 0, bool draining = false) => new(
        new NodeStatus { Id = id, Incarnation = "i", Address = "http://127.0.0.1:1", Slots = slots, Active = active, Draining = draining },
        live ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(-1));

    public static NodeCensus Node(string id, bool live, params ActorRecord[] records) =>
        new(Lease(id, live), [.. records.Select(static r => new Member(r.Key, r))]);

    public static TemplateRecord Template(TemplatePhase phase, DateTimeOffset updatedAt) => new()
    {
        Key = new("demo", "counter"),
        Uid = "u",
        Spec = new() { Container = new() { Name = "c", Image = "oci:/i" } },
        Phase = phase,
        UpdatedAt = updatedAt,
    };
}
