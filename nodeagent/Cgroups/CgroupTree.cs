using System.Globalization;

namespace Substrate.NodeAgent.Cgroups;

/// <summary>
/// The cgroups below which the runtime puts this node's sandboxes, in version 1 hierarchies or the unified one. A freeze of the
/// node's own cgroup stops every sandbox at once.
/// </summary>
/// <param name="node">Node id.</param>
internal sealed class CgroupTree(string node) : ICgroups
{
    private const string Mount = "/sys/fs/cgroup";
    private static readonly bool Unified = File.Exists(Path.Combine(Mount, "cgroup.controllers"));

    public (string File, string Frozen)? NodeFreezer => FreezerAt($"/substrate/{node}");

    /// <summary>Cgroup path of one sandbox, relative to each hierarchy.</summary>
    public string PathOf(string sandbox) => $"/substrate/{node}/{sandbox}";

    /// <summary>CPU time that a sandbox used so far; zero when that cannot be told.</summary>
    public TimeSpan CpuTime(string sandbox)
    {
        try
        {
            if (!Unified)
            {
                var nanoseconds = long.Parse(File.ReadAllText($"{Mount}/cpuacct{PathOf(sandbox)}/cpuacct.usage"), CultureInfo.InvariantCulture);
                return TimeSpan.FromMicroseconds(nanoseconds / 1000.0);
            }

            var usage = File.ReadLines($"{Mount}{PathOf(sandbox)}/cpu.stat").First(static l => l.StartsWith("usage_usec", StringComparison.Ordinal));
            return TimeSpan.FromMicroseconds(long.Parse(usage.AsSpan(11), CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or InvalidOperationException)
        {
            return TimeSpan.Zero;
        }
    }

    /// <summary>Memory that a sandbox holds, in bytes; zero when that cannot be told.</summary>
    public long Memory(string sandbox)
    {
        var file = Unified ? $"{Mount}{PathOf(sandbox)}/memory.current" : $"{Mount}/memory{PathOf(sandbox)}/memory.usage_in_bytes";
        try
        {
            return long.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>Stops all sandboxes of the node, or lets them go on. One that is stopped by itself stays so.</summary>
    /// <returns>False when there is nothing to freeze.</returns>
    public bool Freeze(bool frozen) => FreezeAt($"/substrate/{node}", frozen);

    public bool Freeze(string sandbox, bool frozen) => FreezeAt(PathOf(sandbox), frozen);

    public void ThawAll()
    {
        Freeze(frozen: false);
        foreach (var sandbox in List())
        {
            Freeze(sandbox, frozen: false);
        }
    }

    public LimitHits LimitHits(string sandbox) => Unified
        ? new LimitHits(Entry($"{Mount}{PathOf(sandbox)}/memory.events", "oom_kill"), Entry($"{Mount}{PathOf(sandbox)}/pids.events", "max"))
        : new LimitHits(Entry($"{Mount}/memory{PathOf(sandbox)}/memory.oom_control", "oom_kill"), Entry($"{Mount}/pids{PathOf(sandbox)}/pids.events", "max"));

    public bool Holds(string sandbox, int pid)
    {
        try
        {
            return File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cgroup"))
                .Any(line => line.EndsWith(PathOf(sandbox), StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool FreezeAt(string cgroup, bool frozen)
    {
        var (file, stop) = FreezerAt(cgroup);
        if (!File.Exists(file))
        {
            return false;
        }

        File.WriteAllText(file, frozen ? stop : Unified ? "0" : "THAWED");
        return true;
    }

    private static (string File, string Frozen) FreezerAt(string cgroup) =>
        Unified ? ($"{Mount}{cgroup}/cgroup.freeze", "1") : ($"{Mount}/freezer{cgroup}/freezer.state", "FROZEN");

    // One number of a file of names and numbers.
    private static long Entry(string file, string name)
    {
        try
        {
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.AsSpan(name.Length + 1), CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    /// <summary>Removes a sandbox's cgroups, or with no name those of the node, where no process is left in them.</summary>
    public void Remove(string? sandbox)
    {
        foreach (var hierarchy in Unified ? [Mount] : Directory.GetDirectories(Mount))
        {
            var own = sandbox is null ? $"{hierarchy}/substrate/{node}" : hierarchy + PathOf(sandbox);
            RemoveTree(own);
            if (sandbox is null)
            {
                RemoveDirectory($"{hierarchy}/substrate");
            }
        }
    }

    /// <summary>Names of the sandboxes that have a cgroup in any hierarchy.</summary>
    public IReadOnlyCollection<string> List() =>
        [.. (Unified ? [Mount] : Directory.GetDirectories(Mount))
            .Select(h => $"{h}/substrate/{node}")
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(static d => Path.GetFileName(d))
            .Distinct(StringComparer.Ordinal)];

    private static void RemoveTree(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var child in Directory.GetDirectories(directory))
        {
            RemoveTree(child);
        }

        RemoveDirectory(directory);
    }

    private static void RemoveDirectory(string directory)
    {
        try
        {
            // A cgroup's files vanish with it; only rmdir(2) itself removes one.
            Directory.Delete(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still in use by a process that is ending, or by another node: whoever removes it last succeeds.
        }
    }
}
