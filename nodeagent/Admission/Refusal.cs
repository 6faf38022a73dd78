using System.Globalization;

namespace Substrate.NodeAgent.Admission;

/// <summary>Says why a node did not let an actor in.</summary>
internal static class Refusal
{
    private const double Mebibyte = 1 << 20;

    public static string Describe(string node, in Room need, in Room total) =>
        need.MemoryBytes > total.MemoryBytes
            ? string.Create(CultureInfo.InvariantCulture, $"node {node} has {total.MemoryBytes / Mebibyte:0} MiB of memory for all its actors, and the template requests {need.MemoryBytes / Mebibyte:0} MiB")
            : need.CpuMillis > total.CpuMillis
                ? string.Create(CultureInfo.InvariantCulture, $"node {node} has {total.CpuMillis}m of CPU for all its actors, and the template requests {need.CpuMillis}m")
                : $"node {node} has no room";
}
