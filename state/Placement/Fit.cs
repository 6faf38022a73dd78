using Substrate.State.View;

namespace Substrate.State.Placement;

/// <summary>Whether a node can take an actor: slots, memory and CPU, as far as it counts them.</summary>
internal static class Fit
{
    /// <summary>True when the actor could be there if the node were empty.</summary>
    public static bool Ever(NodeView node, in PlacementRequest request) =>
        node.Status.Slots > 0
        && (node.Status.MemoryBytes == 0 || request.MemoryBytes <= node.Status.MemoryBytes)
        && (node.Status.CpuMillis == 0 || request.CpuMillis <= node.Status.CpuMillis);

    /// <summary>What the node would have to do to take it now.</summary>
    public static PlacementKind Now(NodeView node, in PlacementRequest request)
    {
        var status = node.Status;
        var charged = node.Charged;
        var memory = status.MemoryBytes - status.MemoryTaken - charged.Memory - request.MemoryBytes;
        var cpu = status.CpuMillis - status.CpuTaken - charged.Cpu - request.CpuMillis;
        if (status.Slots - status.Active - charged.Slots > 0 && (status.MemoryBytes == 0 || memory >= 0) && (status.CpuMillis == 0 || cpu >= 0))
        {
            return PlacementKind.Room;
        }

        return status.Evictable > charged.Slots && (status.MemoryBytes == 0 || memory + status.MemoryEvictable >= 0) ? PlacementKind.MakeRoom : PlacementKind.Full;
    }

    /// <summary>How full the node is, from 0 to 1000: by whatever is nearest to its end.</summary>
    public static int Fullness(NodeView node)
    {
        var status = node.Status;
        var charged = node.Charged;
        var slots = 1000L * (status.Active + charged.Slots) / Math.Max(1, status.Slots);
        var memory = status.MemoryBytes == 0 ? 0 : 1000 * (status.MemoryTaken + charged.Memory) / status.MemoryBytes;
        var cpu = status.CpuMillis == 0 ? 0 : 1000L * (status.CpuTaken + charged.Cpu) / status.CpuMillis;
        return (int)Math.Clamp(Math.Max(slots, Math.Max(memory, cpu)), 0, 1000);
    }
}
