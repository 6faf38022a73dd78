namespace Substrate.State.Templates;

/// <summary>What one live actor counts for when a node decides whether it has room.</summary>
/// <param name="MemoryBytes">Bytes of memory.</param>
/// <param name="CpuMillis">CPU in thousandths of a core.</param>
public readonly record struct ResourceRequest(long MemoryBytes, int CpuMillis)
{
    /// <summary>Memory of a sandbox beside what its process holds.</summary>
    private const long Overhead = 24L << 20;

    /// <summary>
    /// What actors of a template count for: what its manifest requests, or else the memory that a fresh process holds and no CPU. Never
    /// more memory than the limit.
    /// </summary>
    public static ResourceRequest Of(TemplateRecord template)
    {
        var resources = template.Spec.Resources;
        var memory = resources.RequestedMemoryBytes > 0 ? resources.RequestedMemoryBytes : template.GoldenBytes + Overhead;
        return new ResourceRequest(Math.Min(memory, resources.MemoryBytes), resources.RequestedCpuMillis);
    }
}
