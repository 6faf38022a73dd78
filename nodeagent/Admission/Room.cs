using Substrate.State.Templates;

namespace Substrate.NodeAgent.Admission;

/// <summary>An amount of what actors need of a node.</summary>
/// <param name="Slots">Actors that are live at once.</param>
/// <param name="MemoryBytes">Bytes of memory.</param>
/// <param name="CpuMillis">CPU in thousandths of a core.</param>
internal readonly record struct Room(int Slots, long MemoryBytes, long CpuMillis)
{
    /// <summary>More than anyone asks for: what is not counted. Sums of it stay within their type.</summary>
    public const long Unlimited = 1L << 60;

    /// <summary>What one actor asks for.</summary>
    public static Room Of(in ResourceRequest request) => new(1, request.MemoryBytes, request.CpuMillis);

    public static Room operator +(Room a, Room b) => new(a.Slots + b.Slots, a.MemoryBytes + b.MemoryBytes, a.CpuMillis + b.CpuMillis);

    public static Room operator -(Room a, Room b) => new(a.Slots - b.Slots, a.MemoryBytes - b.MemoryBytes, a.CpuMillis - b.CpuMillis);

    /// <summary>True when <paramref name="need"/> is within it in every respect; what is not asked for is not looked at.</summary>
    public bool Covers(in Room need) =>
        (need.Slots <= 0 || Slots >= need.Slots)
        && (need.MemoryBytes <= 0 || MemoryBytes >= need.MemoryBytes)
        && (need.CpuMillis <= 0 || CpuMillis >= need.CpuMillis);
}

/// <summary>What one actor that was let in holds of the node. Changed by the ledger only.</summary>
/// <param name="Request">What it asked for.</param>
internal sealed record Place(Room Request)
{
    /// <summary>What it counts for: its request, or what it uses where that is more.</summary>
    public Room Held { get; private set; } = Request;

    /// <summary>Notes the memory that it uses.</summary>
    public void Uses_NeedsLock(long memoryBytes) => Held = Request with { MemoryBytes = Math.Max(Request.MemoryBytes, memoryBytes) };
}
