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

    /// <summary>Labels a node must carry, of the template.</summary>
    public ImmutableSortedDictionary<string, string>? TemplateSelector { get; init; }

    /// <summary>Labels a node must carry, of the actor.</summary>
    public ImmutableSortedDictionary<string, string>? ActorSelector { get; init; }
}
