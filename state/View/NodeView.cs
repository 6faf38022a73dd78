using Substrate.State.Nodes;

namespace Substrate.State.View;

/// <summary>One live node as a process last saw it, with what that process has since placed on it.</summary>
public sealed class NodeView(NodeStatus status)
{
    private int _charged;

    public NodeStatus Status { get; } = status;

    /// <summary>Activations placed here since the view was made; charged at once so that many callers do not stampede onto one node.</summary>
    public int Charged => Volatile.Read(ref _charged);

    /// <summary>Slots that are free as far as this process knows.</summary>
    public int Free => Status.Slots - Status.Active - Charged;

    public void Charge() => Interlocked.Increment(ref _charged);
}
