using Substrate.State.View;

namespace Substrate.State.Placement;

/// <summary>Why there is, or is not, a node.</summary>
public enum PlacementKind
{
    /// <summary>The node has a free slot.</summary>
    Room,

    /// <summary>All are full; the node has idle actors and can make room.</summary>
    MakeRoom,

    /// <summary>Every eligible node is full of busy actors.</summary>
    Full,

    /// <summary>No live node matches the selectors.</summary>
    NoMatch,

    /// <summary>The only node that holds the actor's state is not alive.</summary>
    HolderGone,
}

/// <summary>Where an actor goes.</summary>
/// <param name="Kind">Why there is, or is not, a node.</param>
/// <param name="Node">The node for <see cref="PlacementKind.Room"/>, <see cref="PlacementKind.MakeRoom"/> and <see cref="PlacementKind.Full"/>; else null.</param>
public readonly record struct PlacementDecision(PlacementKind Kind, NodeView? Node);
