using System.Collections.Immutable;

namespace Substrate.State.Placement;

/// <summary>What has to be placed.</summary>
public readonly record struct PlacementRequest
{
    /// <summary>Uid of the template, under which nodes count their warm sandboxes.</summary>
    public required string TemplateUid { get; init; }

    /// <summary>Node whose disk holds the snapshot; empty when none does.</summary>
    public string SnapshotNode { get; init; }

    /// <summary>True when no other node can get at the snapshot.</summary>
    public bool Pinned { get; init; }

    /// <summary>Version of the sandbox runtime that made the snapshot, the only one that can restore it; empty when it is not known.</summary>
    public string Runtime { get; init; }

    /// <summary>Bytes of memory that the actor counts for; 0 when it requests none.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>CPU that the actor requests, in thousandths of a core.</summary>
    public int CpuMillis { get; init; }

    /// <summary>Labels a node must carry, of the template.</summary>
    public ImmutableSortedDictionary<string, string>? TemplateSelector { get; init; }

    /// <summary>Labels a node must carry, of the actor.</summary>
    public ImmutableSortedDictionary<string, string>? ActorSelector { get; init; }
}
