using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Templates;

namespace Substrate.State.ComponentTests.Stores;

/// <summary>Names that no other test uses, so that all tests can share the stores.</summary>
internal static class Fresh
{
    public static readonly TemplateKey Template = new("default", "counter");

    public static string Name(string prefix) => $"{prefix}-{Guid.NewGuid():N}"[..32];

    public static ActorKey Actor() => new(Name("tenant"), Name("actor"));

    public static NodeStatus Node(string prefix = "node") => new()
    {
        Id = Name(prefix),
        Incarnation = Guid.NewGuid().ToString("N"),
        Address = "http://127.0.0.1:8010",
        Slots = 4,
    };
}
