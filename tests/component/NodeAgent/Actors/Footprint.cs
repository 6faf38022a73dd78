namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>What one node uses of the machine at a moment.</summary>
internal sealed record Footprint(int Processes, int Namespaces, int Mounts, int Cgroups, int Files, int Descriptors)
{
    public static Footprint Of(string node, string dataDirectory) => new(
        Directory.GetDirectories("/proc").Count(d => CommandLine(d).Contains($"/run/substrate/{node}/", StringComparison.Ordinal)),
        Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns", $"substrate-{node}-*").Length : 0,
        File.ReadAllLines("/proc/self/mounts").Length,
        Directory.GetDirectories("/sys/fs/cgroup", node, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3 })
            .Sum(static d => Directory.GetDirectories(d).Length),
        Directory.Exists(dataDirectory) ? Directory.GetFiles(dataDirectory, "*", SearchOption.AllDirectories).Length : 0,
        Directory.GetFiles("/proc/self/fd").Length);

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
