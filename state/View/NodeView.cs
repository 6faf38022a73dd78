using Substrate.State.Nodes;
using Substrate.State.Placement;

namespace Substrate.State.View;

/// <summary>
/// One live node as a process last saw it, with what that process has since placed on it. A charge counts at once, so that many callers
/// do not stampede onto one node, and until a status that the node wrote after it.
/// </summary>
public sealed class NodeView(NodeStatus status, NodeRank rank = default, Charges carried = default, long at = 0)
{
    private int _slots;
    private long _memory;
    private int _cpu;

    public NodeStatus Status { get; } = status;

    /// <summary>What the plan says of it.</summary>
    public NodeRank Rank { get; } = rank;

    /// <summary>Timestamp at which the status was read.</summary>
    public long At => at;

    /// <summary>What was placed here since this view was made.</summary>
    public Charges Fresh => new(Volatile.Read(ref _slots), Volatile.Read(ref _memory), Volatile.Read(ref _cpu));

    /// <summary>What was placed here and the node has not told of yet.</summary>
    public Charges Charged => Fresh + carried;

    /// <summary>Slots that are free as far as this process knows.</summary>
    public int Free => Status.Slots - Status.Active - Charged.Slots;

    /// <summary>Counts one activation as placed here.</summary>
    public void Charge(in PlacementRequest request)
    {
        Interlocked.Increment(ref _slots);
        Interlocked.Add(ref _memory, request.MemoryBytes);
        Interlocked.Add(ref _cpu, request.CpuMillis);
    }
}

/// <summary>What was placed on a node.</summary>
/// <param name="Slots">Activations.</param>
/// <param name="Memory">Bytes they count for.</param>
/// <param name="Cpu">Thousandths of a core they requested.</param>
public readonly record struct Charges(int Slots, long Memory, int Cpu)
{
    public static Charges operator +(Charges left, Charges right) => Add(left, right);

    public static Charges operator -(Charges left, Charges right) => Subtract(left, right);

    public static Charges Add(Charges left, Charges right) => new(left.Slots + right.Slots, left.Memory + right.Memory, left.Cpu + right.Cpu);

    public static Charges Subtract(Charges left, Charges right) => new(left.Slots - right.Slots, left.Memory - right.Memory, left.Cpu - right.Cpu);
}

/// <summary>What the plan says of a node.</summary>
/// <param name="Position">Place in its pool's order of filling, from 1; 0 when the plan does not name it.</param>
/// <param name="Spread">Its pool is to be spread evenly.</param>
/// <param name="Emptying">It is to get no further actors.</param>
public readonly record struct NodeRank(int Position, bool Spread, bool Emptying);
