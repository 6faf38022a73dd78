using System.Collections.Immutable;

namespace Substrate.State.Nodes;

/// <summary>What a node says of itself with each renewal of its lease.</summary>
public sealed record NodeStatus
{
    /// <summary>Name of the node, a DNS-1123 label, unique among live nodes.</summary>
    public required string Id { get; init; }

    /// <summary>Random identity of this run of the agent, so that two processes with one name are told apart.</summary>
    public required string Incarnation { get; init; }

    /// <summary>Base address of the node agent's gRPC service, for instance <c>http://10.0.0.7:8010</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Pool the node belongs to.</summary>
    public string Pool { get; init; } = "default";

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Version of the sandbox runtime; a snapshot restores only with the version that made it.</summary>
    public string Runtime { get; init; } = "";

    /// <summary>Actors that may be live at once.</summary>
    public int Slots { get; init; }

    /// <summary>Slots taken by live actors and by activations under way.</summary>
    public int Active { get; init; }

    /// <summary>Live actors that are idle, so that the node could make room at once.</summary>
    public int Evictable { get; init; }

    /// <summary>Pre-created sandboxes by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Warm { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>True when the node takes no further activations.</summary>
    public bool Draining { get; init; }
}
