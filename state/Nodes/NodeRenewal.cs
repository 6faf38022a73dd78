namespace Substrate.State.Nodes;

/// <summary>What became of renewing a node's lease.</summary>
public enum RenewalOutcome
{
    /// <summary>The lease holds.</summary>
    Ok,

    /// <summary>Another live process holds the node's name.</summary>
    Held,

    /// <summary>The lease had run out and the node's actors were given up: they must be ended before the lease can be held again.</summary>
    Lapsed,
}

/// <summary>The store's answer to a renewal.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Wish">What is wanted of the node.</param>
public readonly record struct NodeRenewal(RenewalOutcome Outcome, NodeWish Wish)
{
    public bool Done => Outcome == RenewalOutcome.Ok;
}
