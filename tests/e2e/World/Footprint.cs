namespace Substrate.EndToEndTests.World;

/// <summary>What Substrate uses of the machine, beyond its data directory.</summary>
internal sealed record Footprint(string[] Sandboxes, string[] Namespaces, string[] Links, string[] Cgroups, string[] Runs, int Mounts)
{
    public static Footprint Take() => new(
        [.. Directory.GetDirectories("/proc").Select(CommandLine).Where(static c => c.StartsWith("runsc-sandbox", StringComparison.Ordinal) || c.StartsWith("runsc-gofer", StringComparison.Ordinal))],
        Names("/run/netns", "substrate-*"),
        [.. Directory.GetDirectories("/sys/class/net", "su*").Select(static d => Path.GetFileName(d))],
        [.. Directory.GetDirectories("/sys/fs/cgroup", "substrate", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })],
        Names("/run/substrate", "*"),
        File.ReadLines("/proc/self/mounts").Count());

    /// <summary>Insists that nothing is left that was not there before.</summary>
    public void AssertNothingMore(Footprint after)
    {
        Assert.Equal(Sandboxes, after.Sandboxes);
        Assert.Equal(Namespaces, after.Namespaces);
        Assert.Equal(Links, after.Links);
        Assert.Equal(Cgroups, after.Cgroups);
        Assert.Equal(Runs, after.Runs);
        Assert.Equal(Mounts, after.Mounts);
    }

    private static string[] Names(string directory, string pattern) =>
        Directory.Exists(directory) ? [.. Directory.GetFileSystemEntries(directory, pattern).Select(static p => Path.GetFileName(p)).Order(StringComparer.Ordinal)] : [];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
