namespace Substrate.State.Nodes;

/// <summary>A node's status, how long its lease holds by the store's clock, and what is wanted of it.</summary>
/// <param name="Status">What the node last said of itself.</param>
/// <param name="Remaining">Time left; zero or less when the node counts as dead.</param>
/// <param name="Wish">What the operator wants of it.</param>
public sealed record NodeLease(NodeStatus Status, TimeSpan Remaining, NodeWish Wish = NodeWish.None)
{
    public bool Live => Remaining > TimeSpan.Zero;

    /// <summary>True when the node lives and takes further actors.</summary>
    public bool Open => Live && Wish == NodeWish.None && !Status.Draining;
}
