using Substrate.NodeAgent.Files;
using Substrate.NodeAgent.Flights;
using ZstdSharp;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// The shared snapshot store in a directory that all nodes see: files packed by zstd, the manifest written last. Several
/// processes may use it at once.
/// </summary>
internal sealed class DirectorySnapshotStore : IAsyncDisposable
{
    private readonly SnapshotTree _tree;
    private readonly SingleFlight<(LocalSnapshots, SnapshotName), string> _fetches = new();
    private readonly SingleFlight<SnapshotName, SnapshotManifest> _uploads = new();

    /// <param name="directory">Made when missing. When that fails, or it vanishes later, every call says so.</param>
    public DirectorySnapshotStore(string directory)
    {
        _tree = new SnapshotTree(directory);
        try
        {
            PrivateDirectory.Create(_tree.Root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reported by the calls: a store that is away delays snapshots and must not keep a node from starting.
        }
    }

    /// <summary>Copies a local snapshot to the store. One that is there already stays as it is.</summary>
    /// <returns>The manifest in the store.</returns>
    /// <exception cref="SnapshotException">The local one is missing or damaged, or the store cannot be written.</exception>
    public Task<SnapshotManifest> UploadAsync(LocalSnapshots source, SnapshotName name, CancellationToken cancellation) =>
        _uploads.RunAsync(name, end => PackAsync(source, name, end), cancellation);

    /// <summary>Copies a snapshot from the store to a node's disk, unless it is there, and verifies every byte on the way.</summary>
    /// <returns>Its local directory.</returns>
    /// <exception cref="SnapshotException">It is missing or damaged, or the store cannot be read.</exception>
    public Task<string> FetchAsync(SnapshotName name, LocalSnapshots target, CancellationToken cancellation) =>
        target.Find(name) is { } there
            ? Task.FromResult(there)
            : _fetches.RunAsync((target, name), end => UnpackAsync(name, target, end), cancellation);

    /// <summary>True when the store holds the snapshot.</summary>
    /// <exception cref="SnapshotException">The store cannot be read.</exception>
    public Task<bool> ExistsAsync(SnapshotName name, CancellationToken cancellation) =>
        DoAsync(name.ToString(), () => _tree.Has(name), cancellation);

    /// <summary>Removes a snapshot, and what interrupted uploads of it left; nothing happens when there is none.</summary>
    /// <exception cref="SnapshotException">The store cannot be written.</exception>
    public Task DeleteAsync(SnapshotName name, CancellationToken cancellation) => DoAsync(
        name.ToString(),
        () =>
        {
            _tree.Remove(name);
            _tree.RemoveStaged(name);
            return true;
        },
        cancellation);

    /// <summary>The whole snapshots of an owner (<see cref="SnapshotName.OwnerOf(Substrate.State.Actors.ActorKey)"/>).</summary>
    /// <exception cref="ArgumentException">No owner has that form.</exception>
    /// <exception cref="SnapshotException">The store cannot be read.</exception>
    public Task<IReadOnlyList<SnapshotName>> ListAsync(string owner, CancellationToken cancellation) => SnapshotName.IsOwner(owner)
        ? DoAsync<IReadOnlyList<SnapshotName>>(owner, () => [.. _tree.List(owner)], cancellation)
        : throw new ArgumentException($"'{owner}' cannot own snapshots", nameof(owner));

    /// <summary>Ends copies that are under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _uploads.DisposeAsync();
        await _fetches.DisposeAsync();
    }

    private async Task<SnapshotManifest> PackAsync(LocalSnapshots source, SnapshotName name, CancellationToken cancellation)
    {
        if (await ExistsAsync(name, cancellation))
        {
            return await ManifestFile.ReadAsync(_tree.PathOf(name), name, cancellation);
        }

        var from = source.Find(name) ?? throw SnapshotException.Missing(name, "this node's disk");
        var manifest = await source.ReadManifestAsync(name, cancellation);
        var staged = _tree.NewStagedPath(name);
        try
        {
            _tree.RemoveStaged(name);
            Directory.CreateDirectory(staged);
            var files = await Task.WhenAll(manifest.Files.Select(file => Task.Run(() => Pack(file, name, from, staged, cancellation), cancellation)));
            var stored = manifest with { Files = [.. files] };
            await ManifestFile.WriteAsync(staged, stored, flush: true, cancellation);
            if (!_tree.Publish(staged, name))
            {
                return await ManifestFile.ReadAsync(_tree.PathOf(name), name, cancellation);
            }

            Durability.Flush(Path.GetDirectoryName(_tree.PathOf(name))!);
            return stored;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, _tree.Root, e);
        }
        finally
        {
            TryRemove(staged);
        }
    }

    private async Task<string> UnpackAsync(SnapshotName name, LocalSnapshots target, CancellationToken cancellation)
    {
        if (target.Find(name) is { } there)
        {
            return there;
        }

        if (!await ExistsAsync(name, cancellation))
        {
            throw SnapshotException.Missing(name, $"the store {_tree.Root}");
        }

        var from = _tree.PathOf(name);
        var manifest = await ManifestFile.ReadAsync(from, name, cancellation);
        var staged = target.Stage(name);
        try
        {
            await Task.WhenAll(manifest.Files.Select(file => Task.Run(() => Unpack(file, name, from, staged, cancellation), cancellation)));
            return await target.AdoptAsync(name, staged, manifest, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, $"{_tree.Root} or {staged}", e);
        }
        finally
        {
            target.Unstage(staged);
        }
    }

    private static SnapshotFile Pack(SnapshotFile file, SnapshotName name, string from, string staged, CancellationToken cancellation)
    {
        var source = Path.Combine(from, file.Name);
        try
        {
            var target = Path.Combine(staged, (file with { Compression = SnapshotCompression.Zstd }).StoredName);
            return SnapshotCodec.Pack(source, target, file, cancellation);
        }
        catch (InvalidDataException e)
        {
            throw SnapshotException.Corrupt(name, source, e.Message, e);
        }
    }

    private static void Unpack(SnapshotFile file, SnapshotName name, string from, string staged, CancellationToken cancellation)
    {
        var source = Path.Combine(from, file.StoredName);
        try
        {
            SnapshotCodec.Unpack(source, Path.Combine(staged, file.Name), file, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or FileNotFoundException)
        {
            throw SnapshotException.Corrupt(name, source, e is FileNotFoundException ? "it is missing" : e.Message, e);
        }
    }

    private static void TryRemove(string directory)
    {
        try
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next upload of the snapshot, or its deletion, removes it.
        }
    }

    // On a thread of the pool: a directory may be a network file system that takes its time.
    private Task<T> DoAsync<T>(string subject, Func<T> action, CancellationToken cancellation) => Task.Run(
        () =>
        {
            try
            {
                return Directory.Exists(_tree.Root)
                    ? action()
                    : throw new DirectoryNotFoundException($"there is no directory {_tree.Root}; mount it or create it");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SnapshotException(
                    SnapshotProblem.StoreUnavailable, $"{subject}: the snapshot store {_tree.Root} cannot be used: {e.Message}", e);
            }
        },
        cancellation);
}
