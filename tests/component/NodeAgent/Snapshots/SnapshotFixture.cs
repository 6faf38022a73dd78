using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.ComponentTests.Snapshots;

/// <summary>A node's disk and a store in a directory of its own.</summary>
public sealed class SnapshotFixture : IDisposable
{
    internal const string Runtime = "release-20240729.0";

    private readonly string _directory = Directory.CreateTempSubdirectory("snapshots-").FullName;

    internal static SnapshotName Name { get; } = SnapshotName.ForActor(new ActorKey("demo", "alice"), "1-a");

    internal static SnapshotFacts Facts { get; } = new(1, "uid-1", "sha256:image", Runtime);

    internal string LocalPath(string node = "node") => Path.Combine(_directory, node);

    internal string StorePath => Path.Combine(_directory, "store");

    internal LocalSnapshots Local(string node = "node") => new(LocalPath(node), new FakeTimeProvider());

    internal DirectorySnapshotStore Store() => new(StorePath);

    /// <summary>What the runtime writes, in small.</summary>
    internal static Dictionary<string, byte[]> Files(int seed = 1)
    {
        var random = new Random(seed);
        byte[] pages = [.. Enumerable.Repeat((byte)seed, 700_000), .. Bytes(random, 300_000)];
        return new() { ["checkpoint.img"] = Bytes(random, 5_000), ["pages_meta.img"] = Bytes(random, 77), ["pages.img"] = pages };
    }

    internal static async Task<SnapshotManifest> CommitAsync(
        LocalSnapshots local, SnapshotName name, IReadOnlyDictionary<string, byte[]> files, CancellationToken cancellation)
    {
        var staged = local.Stage(name);
        foreach (var (file, content) in files)
        {
            await File.WriteAllBytesAsync(Path.Combine(staged, file), content, cancellation);
        }

        return await local.CommitAsync(name, staged, Facts, cancellation);
    }

    internal static Dictionary<string, byte[]> Read(string directory) => Directory.EnumerateFiles(directory)
        .Where(static path => Path.GetFileName(path) != "manifest.json")
        .ToDictionary(static path => Path.GetFileName(path), File.ReadAllBytes);

    internal static string[] Everything(string root) =>
        Directory.Exists(root) ? [.. Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories)] : [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
