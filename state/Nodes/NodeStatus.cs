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

    /// <summary>Live actors whose CPU the node has stopped because they are idle; counted in <see cref="Active"/> too.</summary>
    public int Frozen { get; init; }

    /// <summary>Bytes of memory that actors may use together; 0 when the node does not count memory.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Bytes that live actors and activations under way count for: their request, or what they use where that is more.</summary>
    public long MemoryTaken { get; init; }

    /// <summary>Bytes of <see cref="MemoryTaken"/> that belong to evictable actors.</summary>
    public long MemoryEvictable { get; init; }

    /// <summary>CPU that actors may request together, in thousandths of a core; 0 when the node does not count CPU.</summary>
    public int CpuMillis { get; init; }

    /// <summary>CPU that live actors and activations under way requested, in thousandths of a core.</summary>
    public int CpuTaken { get; init; }

    /// <summary>Activations of the last minute by template uid, from which the scheduler derives how many warm sandboxes are wanted.</summary>
    public ImmutableSortedDictionary<string, int> Activations { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>Pre-created sandboxes by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Warm { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>True when the node takes no further activations.</summary>
    public bool Draining { get; init; }
}
