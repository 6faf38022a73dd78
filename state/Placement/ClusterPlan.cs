using System.Collections.Immutable;

namespace Substrate.State.Placement;

/// <summary>
/// What the scheduler wants of the pools, published for everyone who places and for the nodes. It is advice: without one, or with an old
/// one, placement goes by the view alone and nodes keep a default number of sandboxes warm.
/// </summary>
public sealed record ClusterPlan
{
    /// <summary>No plan was ever published.</summary>
    public static ClusterPlan None { get; } = new();

    /// <summary>Grows with each plan; 0 for <see cref="None"/>.</summary>
    public long Version { get; init; }

    /// <summary>Plans of the pools, by name.</summary>
    public ImmutableSortedDictionary<string, PoolPlan> Pools { get; init; } = ImmutableSortedDictionary<string, PoolPlan>.Empty;

    /// <summary>Warm sandboxes wanted, by node id and then by template uid. A node that is not named keeps its default.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, int>> Warm { get; init; } =
        ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, int>>.Empty;
}

/// <summary>How one pool is to be filled.</summary>
public sealed record PoolPlan
{
    /// <summary>True when actors are to be spread evenly instead of packed onto as few nodes as possible.</summary>
    public bool Spread { get; init; }

    /// <summary>Node ids in the order in which they are to be filled; nodes that are not named come after these.</summary>
    public ImmutableArray<string> FillOrder { get; init; } = [];

    /// <summary>Node ids that get no further actors, because they are being emptied to be given back.</summary>
    public ImmutableArray<string> Emptying { get; init; } = [];
}
