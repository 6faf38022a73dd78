using System.Globalization;
using Substrate.NodeAgent.Cgroups;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>Recognises that a sandbox ended because it hit a limit of its template, counts it, and says so in words.</summary>
internal sealed class Limits(ICgroups cgroups, NodeMetrics metrics)
{
    private const double Mebibyte = 1 << 20;

    /// <summary>Share of the memory limit from which on it is worth asking whether the kernel had to end something.</summary>
    private const double Near = 0.95;

    /// <summary>Adds the limit that a sandbox hit to what is said of its end. To be called once per end, before its cgroup is removed.</summary>
    public string Explain(Sandbox sandbox, string problem)
    {
        if (Hit(sandbox) is not { } hit)
        {
            return problem;
        }

        metrics.HitLimit(hit.Limit);
        return $"{problem}: {hit.Words}";
    }

    /// <summary>True when the kernel ended a process of a sandbox that lives on: it is not to be relied on any more.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="memoryBytes">Memory that it holds now.</param>
    public bool Crippled(Sandbox sandbox, long memoryBytes) =>
        memoryBytes > sandbox.Template.Spec.Resources.MemoryBytes * Near && cgroups.LimitHits(sandbox.Id).OutOfMemory > 0;

    private (string Limit, string Words)? Hit(Sandbox sandbox) => Describe(cgroups.LimitHits(sandbox.Id), sandbox.Template.Spec.Resources);

    /// <summary>The limit's name and what happened; null when none was hit.</summary>
    internal static (string Limit, string Words)? Describe(in LimitHits hits, ResourceLimits limits) =>
        hits.OutOfMemory > 0
            ? ("memory", string.Create(CultureInfo.InvariantCulture, $"out of memory, its limit is {limits.MemoryBytes / Mebibyte:0.#} MiB (resources.memory)"))
            : hits.Pids > 0 && limits.Pids > 0
                ? ("pids", string.Create(CultureInfo.InvariantCulture, $"it was refused more processes and threads than its limit of {limits.Pids} (resources.pids)"))
                : null;
}
