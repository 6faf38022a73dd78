using System.Collections.Immutable;
using Substrate.State.Templates;

namespace Substrate.State.Actors;

/// <summary>All that the processes agree on about one actor, as one transition left it.</summary>
public sealed record ActorRecord
{
    public required ActorKey Key { get; init; }

    public required ActorState State { get; init; }

    /// <summary>Grows by one at each activation and fences everything older, also of earlier actors of the same name: it starts from the store's clock.</summary>
    public required long Epoch { get; init; }

    /// <summary>Grows by one at each change of the record.</summary>
    public required long Version { get; init; }

    public required TemplateKey Template { get; init; }

    /// <summary>Identity of this incarnation of the name; another one after delete and create.</summary>
    public required string Uid { get; init; }

    /// <summary>Node that runs the actor or is to run it; empty at rest.</summary>
    public string Node { get; init; } = "";

    /// <summary>
    /// <c>host:port</c> that reaches the actor in this epoch and no other, and its further ports as <see cref="Endpoints"/> writes them;
    /// empty unless it runs or is being suspended.
    /// </summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Newest committed snapshot; null before the first one.</summary>
    public SnapshotRef? Snapshot { get; init; }

    /// <summary>True while the snapshot is meant to go on to the store.</summary>
    public bool UploadWanted { get; init; }

    /// <summary>True when a request asked for the actor while it was being suspended.</summary>
    public bool WakeWanted { get; init; }

    /// <summary>When the transition under way is overdue, on the store's clock; null at rest.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Why the last activation failed or the actor was lost; empty after a success.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Labels a node must carry to run the actor.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Labels that listings can ask for. They say nothing about where the actor runs.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>True when the newest state exists on one node only and would be lost with it.</summary>
    public bool OnOneNodeOnly => Snapshot is { Stored: false };
}
