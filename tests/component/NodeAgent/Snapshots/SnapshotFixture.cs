using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.Store;
using Substrate.State.Actors;
using Substrate.State.Templates;

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

    internal SnapshotStore Store(string keyFile = "") => Over(new DirectoryObjects(StorePath, TimeProvider.System), keyFile);

    internal static SnapshotStore Over(IObjectStore objects, string keyFile = "")
    {
        var keys = new KeyRing(keyFile);
        return new(objects, keys, new SnapshotTransfer(objects, keys, parallel: 4));
    }

    /// <summary>The golden snapshot that <see cref="Name"/> is packed against.</summary>
    internal static SnapshotName Golden { get; } = SnapshotName.ForGolden(new TemplateKey("demo", "counter"), "uid-1", "golden-1");

    /// <summary>What the runtime writes somewhat later: pages changed, moved, zeroed and new.</summary>
    internal static Dictionary<string, byte[]> Later(IReadOnlyDictionary<string, byte[]> files, int seed)
    {
        var random = new Random(seed);
        var pages = (byte[])files["pages.img"].Clone();
        pages[random.Next(pages.Length)] ^= 1;
        pages.AsSpan(8192, 4096).Clear();
        byte[] moved = [.. pages[..409_600], .. Bytes(random, 4096), .. pages[409_600..]];
        return new(files) { ["pages.img"] = moved, ["checkpoint.img"] = [.. Bytes(random, 100), .. files["checkpoint.img"]] };
    }

    /// <summary>What the runtime writes, in small.</summary>
    internal static Dictionary<string, byte[]> Files(int seed = 1)
    {
        var random = new Random(seed);
        byte[] pages = [.. Enumerable.Repeat((byte)seed, 700_000), .. Bytes(random, 303_520)];
        return new() { ["checkpoint.img"] = Bytes(random, 5_000), ["pages_meta.img"] = Bytes(random, 77), ["pages.img"] = pages };
    }

    /// <summary>A file of one key.</summary>
    internal string Keys(string name)
    {
        var path = Path.Combine(_directory, "keys");
        File.WriteAllText(path, $"# keys\n{KeyLine(name)}\n");
        return path;
    }

    internal static string KeyLine(string name) => $"{name} {Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name)))}";

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
        .Where(static path => Path.GetFileName(path) is not ("manifest.json" or ".stored"))
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
