using System.Collections.Concurrent;
using System.Collections.Immutable;
using Substrate.NodeAgent.Files;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// The snapshots on this node's disk: the files as the runtime wrote them. Belongs to one process at a time; what a crash
/// left half made is removed at construction.
/// </summary>
internal sealed class LocalSnapshots
{
    /// <summary>Beside the manifest of a snapshot that the store is known to hold. Lost in a crash it only makes the node more careful.</summary>
    public const string StoredMark = ".stored";

    private readonly SnapshotTree _tree;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<SnapshotName, int> _pins = new();

    /// <param name="directory">Directory of its own; made when missing.</param>
    /// <param name="time">Clock for the time of creation.</param>
    public LocalSnapshots(string directory, TimeProvider time)
    {
        _tree = new SnapshotTree(directory);
        _time = time;
        // Memory of actors is in there.
        PrivateDirectory.Create(_tree.Root);
        if (Directory.Exists(_tree.Staged))
        {
            Directory.Delete(_tree.Staged, recursive: true);
        }
    }

    /// <summary>A fresh, empty directory to checkpoint into; gone at the next start unless it is committed.</summary>
    /// <exception cref="SnapshotException">The disk cannot be used.</exception>
    public string Stage(SnapshotName name) => Guarded(
        name, () => PrivateDirectory.Create(_tree.NewStagedPath(name)));

    /// <summary>Gives up a staged directory.</summary>
    public void Unstage(string staged)
    {
        if (Directory.Exists(staged) && Path.GetDirectoryName(Path.GetFullPath(staged)) == _tree.Staged)
        {
            Directory.Delete(staged, recursive: true);
        }
    }

    /// <summary>Hashes what is in <paramref name="staged"/>, brings it to the disk and makes it visible as <paramref name="name"/>, in this order.</summary>
    /// <exception cref="SnapshotException">The disk cannot be used, or the staged directory holds no snapshot.</exception>
    /// <exception cref="InvalidOperationException">There is a snapshot of that name already.</exception>
    public async Task<SnapshotManifest> CommitAsync(SnapshotName name, string staged, SnapshotFacts facts, CancellationToken cancellation)
    {
        try
        {
            var paths = Directory.GetFileSystemEntries(staged);
            if (paths.Length == 0)
            {
                throw SnapshotException.Corrupt(name, staged, "the checkpoint wrote no files");
            }

            var files = await Task.WhenAll(paths.Order(StringComparer.Ordinal).Select(path => Task.Run(() => Seal(name, path, cancellation), cancellation)));
            var manifest = new SnapshotManifest
            {
                FormatVersion = SnapshotManifest.CurrentFormat,
                Owner = name.Owner,
                Id = name.Id,
                Epoch = facts.Epoch,
                TemplateUid = facts.TemplateUid,
                ImageDigest = facts.ImageDigest,
                TemplateHash = facts.TemplateHash,
                Parent = facts.Parent,
                Runtime = new SnapshotRuntime("runsc", facts.Runtime, facts.RuntimeHash),
                Architecture = MachineArchitecture.Name,
                CreatedAt = _time.GetUtcNow(),
                Files = [.. files],
            };
            await ManifestFile.WriteAsync(staged, manifest, flush: true, cancellation);
            if (!_tree.Publish(staged, name))
            {
                throw new InvalidOperationException($"snapshot {name} is committed already");
            }

            Durability.Flush(Path.GetDirectoryName(_tree.PathOf(name))!);
            return manifest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, _tree.Root, e);
        }
    }

    /// <summary>
    /// Makes files visible whose hashes the caller has just computed. Not flushed: it is a copy of what the store holds, and a
    /// copy that a power failure damages fails verification.
    /// </summary>
    internal async Task<string> AdoptAsync(SnapshotName name, string staged, SnapshotManifest manifest, CancellationToken cancellation)
    {
        ImmutableArray<SnapshotFile> raw =
            [.. manifest.Files.Select(static f => f with { StoredBytes = f.RawBytes, StoredHash = null, Object = null, Encoding = SnapshotEncoding.None })];
        await File.WriteAllBytesAsync(Path.Combine(staged, StoredMark), [], cancellation);
        await ManifestFile.WriteAsync(staged, manifest with { Files = raw, Base = null, Encryption = null }, flush: false, cancellation);
        if (!_tree.Publish(staged, name))
        {
            Unstage(staged);
        }

        return _tree.PathOf(name);
    }

    /// <summary>Directory of a snapshot that is there and whole; null otherwise. Its content is not verified.</summary>
    public string? Find(SnapshotName name) => _tree.Has(name) ? _tree.PathOf(name) : null;

    /// <summary>What a snapshot says of itself.</summary>
    /// <exception cref="SnapshotException">It is missing or its manifest is damaged.</exception>
    public Task<SnapshotManifest> ReadManifestAsync(SnapshotName name, CancellationToken cancellation) =>
        ManifestFile.ReadAsync(_tree.PathOf(name), name, cancellation);

    /// <summary>Directory of a snapshot whose every byte was just verified and that this node can restore.</summary>
    /// <exception cref="SnapshotException">It is missing, damaged, or of another runtime or architecture.</exception>
    public async Task<string> OpenVerifiedAsync(SnapshotName name, string expectedRuntime, CancellationToken cancellation)
    {
        var path = _tree.PathOf(name);
        var manifest = await ReadManifestAsync(name, cancellation);
        SnapshotCheck.Fits(manifest, name, expectedRuntime);
        await SnapshotCheck.IsWholeAsync(manifest, name, path, cancellation);
        return path;
    }

    /// <summary>Removes a snapshot; nothing happens when there is none.</summary>
    /// <exception cref="SnapshotException">The disk cannot be used.</exception>
    public void Delete(SnapshotName name) => Guarded(name, () =>
    {
        _tree.Remove(name);
        return true;
    });

    /// <summary>Every whole snapshot here.</summary>
    public IEnumerable<SnapshotName> List() => _tree.List();

    /// <summary>The whole snapshots of one owner.</summary>
    public IEnumerable<SnapshotName> List(string owner) => _tree.List(owner);

    /// <summary>Notes that the store holds the snapshot, so that the copy here may go when room is needed.</summary>
    public void MarkStored(SnapshotName name)
    {
        if (Find(name) is { } path)
        {
            File.WriteAllBytes(Path.Combine(path, StoredMark), []);
        }
    }

    /// <summary>True when the store is known to hold the snapshot.</summary>
    public bool IsStored(SnapshotName name) => File.Exists(Path.Combine(_tree.PathOf(name), StoredMark));

    /// <summary>Keeps a snapshot from being collected until the answer is disposed of.</summary>
    public IDisposable Pin(SnapshotName name)
    {
        _pins.AddOrUpdate(name, 1, static (_, count) => count + 1);
        return new Unpin(this, name);
    }

    /// <summary>True while somebody uses the snapshot's files.</summary>
    public bool IsPinned(SnapshotName name) => _pins.ContainsKey(name);

    /// <summary>Bytes of a snapshot's files on disk; 0 when there is none.</summary>
    public long Bytes(SnapshotName name) =>
        Find(name) is { } path ? new DirectoryInfo(path).EnumerateFiles().Sum(static file => file.Length) : 0;

    private static SnapshotFile Seal(SnapshotName name, string path, CancellationToken cancellation)
    {
        var file = new FileInfo(path);
        if (!ManifestFile.IsFileName(file.Name) || file.LinkTarget is not null || file.Attributes.HasFlag(FileAttributes.Directory))
        {
            throw SnapshotException.Corrupt(name, file.Name, "it is not a plain file that the runtime writes");
        }

        var hash = RawHash.OfFile(path, cancellation);
        Durability.Flush(path);
        return new SnapshotFile(file.Name, file.Length, hash, file.Length, SnapshotEncoding.None);
    }

    private T Guarded<T>(SnapshotName name, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, _tree.Root, e);
        }
    }

    private sealed class Unpin(LocalSnapshots snapshots, SnapshotName name) : IDisposable
    {
        private int _done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _done, 1) == 0)
            {
                var left = snapshots._pins.AddOrUpdate(name, 0, static (_, count) => count - 1);
                if (left == 0)
                {
                    snapshots._pins.TryRemove(KeyValuePair.Create(name, 0));
                }
            }
        }
    }
}
