using Substrate.State.Nodes;

namespace Substrate.Scheduler.Planning;

/// <summary>What one pool holds, and how many nodes would be enough for it.</summary>
/// <param name="Nodes">Nodes that live and take actors.</param>
/// <param name="Wanted">Nodes that would be enough, headroom included; more than there are when the pool is too small.</param>
/// <param name="Slots">Slots of those that are there.</param>
/// <param name="Taken">Slots taken by live actors and by those who wait for one.</param>
internal readonly record struct PoolNeed(int Nodes, int Wanted, int Slots, int Taken)
{
    /// <summary>Counts nodes in the order in which they are filled until slots, memory and CPU suffice.</summary>
    public static PoolNeed Of(IReadOnlyList<NodeStatus> ordered, double headroom)
    {
        var taken = ordered.Sum(static n => n.Active);
        var slots = Math.Max(taken + 1, (long)Math.Ceiling(taken * (1 + headroom)));
        var memory = (long)(ordered.Sum(static n => n.MemoryTaken) * (1 + headroom));
        var cpu = (long)(ordered.Sum(static n => (long)n.CpuTaken) * (1 + headroom));
        var wanted = 0;
        foreach (var node in ordered)
        {
            if (slots <= 0 && memory <= 0 && cpu <= 0)
            {
                break;
            }

            wanted++;
            slots -= node.Slots;
            memory -= node.MemoryBytes == 0 ? memory : node.MemoryBytes;
            cpu -= node.CpuMillis == 0 ? cpu : node.CpuMillis;
        }

        var more = ordered.Count == 0 ? 0 : Math.Max(
            Missing(slots, ordered.Average(static n => n.Slots)),
            Math.Max(Missing(memory, ordered.Average(static n => n.MemoryBytes)), Missing(cpu, ordered.Average(static n => n.CpuMillis))));
        return new(ordered.Count, Math.Max(1, wanted + more), ordered.Sum(static n => n.Slots), taken);
    }

    private static int Missing(long left, double each) => left <= 0 || each <= 0 ? 0 : (int)Math.Ceiling(left / each);
}
