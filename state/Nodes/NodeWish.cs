namespace Substrate.State.Nodes;

/// <summary>What the operator wants of a node; kept with its record and obeyed by it.</summary>
public enum NodeWish
{
    /// <summary>Nothing: it serves.</summary>
    None,

    /// <summary>No further actors; those that are there stay, and those whose only copy is there still wake there.</summary>
    Cordon,

    /// <summary>No further actors, and those that are there leave for the snapshot store.</summary>
    Drain,
}
