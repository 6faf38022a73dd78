using System.Globalization;
using System.Text.Json;
using Substrate.Perf.Installations;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>What the kernel says of one sandbox of an installation.</summary>
/// <param name="Node">Node id.</param>
/// <param name="Id">The sandbox's id.</param>
internal sealed record SandboxFiles(string Node, string Id)
{
    private const string Mount = "/sys/fs/cgroup";
    private static readonly bool Unified = File.Exists(Path.Combine(Mount, "cgroup.controllers"));
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>True while its processes get no CPU.</summary>
    public bool Frozen => Unified
        ? File.ReadLines($"{Mount}/substrate/{Node}/{Id}/cgroup.events").Contains("frozen 1")
        : File.ReadAllText($"{Mount}/freezer/substrate/{Node}/{Id}/freezer.state").StartsWith("FROZEN", StringComparison.Ordinal);

    /// <summary>Bytes of memory that go when it goes: what its processes allocated and its memory file, without files in the page cache.</summary>
    public long PrivateBytes
    {
        get
        {
            var file = Unified ? $"{Mount}/substrate/{Node}/{Id}/memory.stat" : $"{Mount}/memory/substrate/{Node}/{Id}/memory.stat";
            string[] names = Unified ? ["anon ", "shmem "] : ["total_rss ", "total_shmem "];
            return File.ReadLines(file)
                .Where(line => Array.Exists(names, n => line.StartsWith(n, StringComparison.Ordinal)))
                .Sum(static line => long.Parse(line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The sandbox that an actor runs in.</summary>
    /// <exception cref="BenchException">It runs in none.</exception>
    public static SandboxFiles Of(IInstallation installation, ActorKey actor) =>
        Directory.EnumerateDirectories(installation.Bundles).FirstOrDefault(d => Owns(d, actor)) is { } directory
            ? new SandboxFiles(NodeOf(installation), Path.GetFileName(directory))
            : throw new BenchException($"actor {actor} has no sandbox below {installation.Bundles}");

    /// <summary>The sandboxes that wait for an actor.</summary>
    public static IReadOnlyList<SandboxFiles> Warm(IInstallation installation) =>
        [.. Directory.EnumerateDirectories(installation.Bundles)
            .Where(static d => !File.Exists(Path.Combine(d, "owner.json")) && File.Exists(Path.Combine(d, "pid")))
            .Select(d => new SandboxFiles(NodeOf(installation), Path.GetFileName(d)))];

    /// <summary>Private bytes of the restore command that waits for a pre-created sandbox's activation; 0 when there is none.</summary>
    public long ArmedBytes() => Directory.EnumerateDirectories("/proc")
        .Where(static d => int.TryParse(Path.GetFileName(d), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        .Sum(d => Read(d, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries) is [.., var last] words && last == Id && words.Contains("restore")
            ? Private(Read(d, "smaps_rollup"))
            : 0);

    public async Task UntilFrozenAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        while (!Frozen)
        {
            await Task.Delay(Poll, TimeProvider.System, limit.Token);
        }
    }

    /// <summary>Private pages that <c>smaps_rollup</c> lists, in bytes.</summary>
    internal static long Private(string rollup) => rollup.Split('\n')
        .Where(static line => line.StartsWith("Private_", StringComparison.Ordinal) && line.EndsWith(" kB", StringComparison.Ordinal))
        .Sum(static line => 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));

    private static string NodeOf(IInstallation installation) => Path.GetFileName(Path.GetDirectoryName(installation.Bundles))!;

    private static bool Owns(string directory, ActorKey actor)
    {
        var file = Read(directory, "owner.json");
        if (file.Length == 0)
        {
            return false;
        }

        using var owner = JsonDocument.Parse(file);
        return owner.RootElement.GetProperty("Atespace").GetString() == actor.Atespace && owner.RootElement.GetProperty("Name").GetString() == actor.Name;
    }

    private static string Read(string directory, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
