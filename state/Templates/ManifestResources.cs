namespace Substrate.State.Templates;

/// <summary>Reads <c>spec.containers[0].resources</c>.</summary>
internal static class ManifestResources
{
    // Below these a sandbox's own kernel does not start.
    private const long LeastMemory = 16L << 20;
    private const long MostMemory = 16L << 40;
    private const int LeastPids = 32;
    private const int MostPids = 4_194_304;
    private const int MostCpuMillis = 1_024_000;

    public static ResourceLimits Read(ManifestMap? map)
    {
        var limits = new ResourceLimits();
        if (map is null)
        {
            return limits;
        }

        if (Memory(map) is { } memory)
        {
            limits = limits with { MemoryBytes = memory };
        }

        if (Cpu(map) is { } cpu)
        {
            limits = limits with { CpuMillis = cpu };
        }

        limits = limits with { Pids = map.Integer("pids", LeastPids, MostPids) ?? 0 };
        limits = Requests(map.Map("requests"), limits);
        map.Finish();
        return limits;
    }

    private static ResourceLimits Requests(ManifestMap? map, ResourceLimits limits)
    {
        if (map is null)
        {
            return limits;
        }

        var (memory, cpu) = (Memory(map) ?? 0, Cpu(map) ?? 0);
        if (memory > limits.MemoryBytes)
        {
            map.Problem(map.Find("memory"), "memory", $"{ManifestQuantity.WriteBytes(memory)} must not be more than resources.memory, {ManifestQuantity.WriteBytes(limits.MemoryBytes)}");
        }

        if (limits.CpuMillis > 0 && cpu > limits.CpuMillis)
        {
            map.Problem(map.Find("cpu"), "cpu", FormattableString.Invariant($"{cpu}m must not be more than resources.cpu, {limits.CpuMillis}m"));
        }

        map.Finish();
        return limits with { RequestedMemoryBytes = memory, RequestedCpuMillis = cpu };
    }

    private static long? Memory(ManifestMap map) =>
        Quantity(map, "memory", LeastMemory * 1_000m, MostMemory * 1_000m, "a quantity of bytes such as 512Mi or 1Gi, between 16Mi and 16Ti") is { } memory
            ? (long)(memory / 1_000m)
            : null;

    private static int? Cpu(ManifestMap map) => (int?)Quantity(map, "cpu", 1, MostCpuMillis, "a quantity of cores such as 500m or 2, between 1m and 1024");

    private static decimal? Quantity(ManifestMap map, string field, decimal least, decimal most, string form)
    {
        if (map.Raw(field) is not { } text)
        {
            return null;
        }

        if (ManifestQuantity.TryRead(text, out var thousandths) && thousandths >= least && thousandths <= most)
        {
            return thousandths;
        }

        map.Problem(map.Find(field), field, $"{ManifestProblems.Show(text)} must be {form}");
        return null;
    }
}
