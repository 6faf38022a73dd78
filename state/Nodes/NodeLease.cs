namespace Substrate.State.Nodes;

/// <summary>A node's status and how long its lease holds by the store's clock.</summary>
/// <param name="Status">What the node last said of itself.</param>
/// <param name="Remaining">Time left; zero or less when the node counts as dead.</param>
public sealed record NodeLease(NodeStatus Status, TimeSpan Remaining)
{
    public bool Live => Remaining > TimeSpan.Zero;
}
