using System.Security.Cryptography;
using Substrate.NodeAgent.Flights;
using Substrate.NodeAgent.Store;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// The snapshots in the store that all nodes share: packed files, and a manifest that is written last and removed first. Every object
/// is written once under a name of its own, so that whoever reads a manifest gets the very bytes it describes.
/// </summary>
internal sealed class SnapshotStore(IObjectStore objects, KeyRing keys, SnapshotTransfer transfer) : IAsyncDisposable
{
    private readonly SingleFlight<(LocalSnapshots, SnapshotName), string> _fetches = new();
    private readonly SingleFlight<SnapshotName, SnapshotManifest> _uploads = new();

    /// <summary>The store in words.</summary>
    public string Place => objects.Place;

    /// <summary>Copies a local snapshot to the store. One that is there already stays as it is.</summary>
    /// <param name="source">The node's disk.</param>
    /// <param name="name">The snapshot.</param>
    /// <param name="basis">Snapshot to pack it against, if the node and the store have it; null for none.</param>
    /// <param name="cancellation">Ends the wait; the upload goes on.</param>
    /// <returns>The manifest in the store.</returns>
    /// <exception cref="SnapshotException">The local one is missing or damaged, or the store cannot be written.</exception>
    public Task<SnapshotManifest> UploadAsync(LocalSnapshots source, SnapshotName name, SnapshotName? basis, CancellationToken cancellation) =>
        _uploads.RunAsync(name, end => PackAsync(source, name, basis, end), cancellation);

    /// <summary>Copies a snapshot from the store to a node's disk, unless it is there, and verifies every byte on the way.</summary>
    /// <returns>Its local directory.</returns>
    /// <exception cref="SnapshotException">It is missing, damaged or locked, or the store cannot be read.</exception>
    public Task<string> FetchAsync(SnapshotName name, LocalSnapshots target, CancellationToken cancellation) =>
        target.Find(name) is { } there
            ? Task.FromResult(there)
            : _fetches.RunAsync((target, name), end => UnpackAsync(name, target, end), cancellation);

    /// <summary>What a stored snapshot says of itself.</summary>
    /// <exception cref="SnapshotException">It is missing or damaged, or the store cannot be read.</exception>
    public Task<SnapshotManifest> ReadManifestAsync(SnapshotName name, CancellationToken cancellation) => GuardedAsync(
        name.ToString(),
        async () =>
        {
            try
            {
                return ManifestFile.Parse(await objects.ReadAsync(ManifestKey(name), ManifestFile.MaxBytes, cancellation), name, ManifestKey(name));
            }
            catch (FileNotFoundException)
            {
                throw SnapshotException.Missing(name, $"the store {Place}");
            }
        });

    /// <summary>True when the store holds the snapshot.</summary>
    /// <exception cref="SnapshotException">The store cannot be read.</exception>
    public Task<bool> ExistsAsync(SnapshotName name, CancellationToken cancellation) =>
        GuardedAsync(name.ToString(), () => objects.ExistsAsync(ManifestKey(name), cancellation));

    /// <summary>Removes a snapshot, and what interrupted uploads of it left; nothing happens when there is none.</summary>
    /// <exception cref="SnapshotException">The store cannot be written.</exception>
    public Task DeleteAsync(SnapshotName name, CancellationToken cancellation) => GuardedAsync(
        name.ToString(),
        async () =>
        {
            // The manifest first: what has none is no snapshot, however much of it is left.
            await objects.DeleteAsync([ManifestKey(name)], cancellation);
            var left = await objects.ListAsync($"{name}/", cancellation).Select(static o => o.Key).ToArrayAsync(cancellation);
            if (left.Length > 0)
            {
                await objects.DeleteAsync(left, cancellation);
            }

            return true;
        });

    /// <summary>The whole snapshots of an owner (<see cref="SnapshotName.OwnerOf(Substrate.State.Actors.ActorKey)"/>).</summary>
    /// <exception cref="ArgumentException">No owner has that form.</exception>
    /// <exception cref="SnapshotException">The store cannot be read.</exception>
    public async Task<IReadOnlyList<SnapshotName>> ListAsync(string owner, CancellationToken cancellation)
    {
        if (!SnapshotName.IsOwner(owner))
        {
            throw new ArgumentException($"'{owner}' cannot own snapshots", nameof(owner));
        }

        var listed = await GuardedAsync(owner, async () => await objects.ListAsync($"{owner}/", cancellation).ToArrayAsync(cancellation));
        return [.. listed.Select(static o => NameOf(o.Key)).OfType<SnapshotName>()];
    }

    /// <summary>
    /// Makes <paramref name="to"/> a snapshot with the content of <paramref name="from"/>, within the store and without unpacking. Both own
    /// their objects, and either may be deleted.
    /// </summary>
    /// <returns>The new manifest.</returns>
    /// <exception cref="SnapshotException">The first is missing, damaged or locked, or the store cannot be used.</exception>
    public async Task<SnapshotManifest> CopyAsync(SnapshotName from, SnapshotName to, CancellationToken cancellation)
    {
        var manifest = await ReadManifestAsync(from, cancellation);
        var encryption = manifest.Encryption is { } known ? transfer.Rewrap(known, from, to) : null;
        return await GuardedAsync(
            to.ToString(),
            async () =>
            {
                await Task.WhenAll(manifest.Files.Select(f => objects.CopyAsync($"{from}/{f.StoredName}", $"{to}/{f.StoredName}", cancellation)));
                var copied = manifest with { Owner = to.Owner, Id = to.Id, Encryption = encryption };
                await objects.PutAsync(ManifestKey(to), ManifestFile.Format(copied), cancellation);
                return copied;
            });
    }

    /// <summary>Wraps a snapshot's key anew when the key that it is wrapped with is not the newest. True when it was done.</summary>
    /// <exception cref="SnapshotException">It is missing, damaged or locked, or the store cannot be used.</exception>
    public async Task<bool> RewrapAsync(SnapshotName name, CancellationToken cancellation)
    {
        var manifest = await ReadManifestAsync(name, cancellation);
        if (manifest.Encryption is not { } known || !keys.IsOld(known.Key))
        {
            return false;
        }

        var renewed = manifest with { Encryption = transfer.Rewrap(known, name, name) };
        return await GuardedAsync(
            name.ToString(),
            async () =>
            {
                await objects.PutAsync(ManifestKey(name), ManifestFile.Format(renewed), cancellation);
                return true;
            });
    }

    /// <summary>Ends copies that are under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _uploads.DisposeAsync();
        await _fetches.DisposeAsync();
    }

    /// <summary>The snapshot whose manifest has that key; null for any other key.</summary>
    public static SnapshotName? NameOf(string key) =>
        key.EndsWith($"/{ManifestFile.FileName}", StringComparison.Ordinal) && SnapshotName.TryParse(key[..^(ManifestFile.FileName.Length + 1)], out var name) ? name : null;

    private async Task<SnapshotManifest> PackAsync(LocalSnapshots source, SnapshotName name, SnapshotName? basis, CancellationToken cancellation)
    {
        if (await ExistsAsync(name, cancellation))
        {
            source.MarkStored(name);
            return await ReadManifestAsync(name, cancellation);
        }

        // A base that the store does not hold would make a snapshot that only this node can read.
        var against = basis is { } b && b != name && source.Find(b) is not null && await ExistsAsync(b, cancellation) ? basis : null;
        var stored = await GuardedAsync(name.ToString(), () => transfer.PutAsync(source, name, against, cancellation));
        source.MarkStored(name);
        return stored;
    }

    private async Task<string> UnpackAsync(SnapshotName name, LocalSnapshots target, CancellationToken cancellation)
    {
        if (target.Find(name) is { } there)
        {
            return there;
        }

        var manifest = await ReadManifestAsync(name, cancellation);
        if (!SnapshotName.TryParse(manifest.Base, out var basis))
        {
            return await transfer.GetAsync(name, manifest, null, target, cancellation);
        }

        using var pin = target.Pin(basis);
        var directory = await FetchAsync(basis, target, cancellation);
        try
        {
            return await transfer.GetAsync(name, manifest, directory, target, cancellation);
        }
        catch (SnapshotException e) when (e.Problem == SnapshotProblem.Corrupt)
        {
            // Perhaps it is this node's copy of the base that is damaged; the one in the store may be good.
            if (!await IsDamagedAsync(basis, directory, cancellation))
            {
                throw;
            }

            target.Delete(basis);
            directory = await FetchAsync(basis, target, cancellation);
            return await transfer.GetAsync(name, manifest, directory, target, cancellation);
        }
    }

    private static async Task<bool> IsDamagedAsync(SnapshotName name, string directory, CancellationToken cancellation)
    {
        try
        {
            await SnapshotCheck.IsWholeAsync(await ManifestFile.ReadAsync(directory, name, cancellation), name, directory, cancellation);
            return false;
        }
        catch (SnapshotException e) when (e.Problem is SnapshotProblem.Corrupt or SnapshotProblem.Missing)
        {
            return true;
        }
    }

    private static string ManifestKey(SnapshotName name) => $"{name}/{ManifestFile.FileName}";

    private async Task<T> GuardedAsync<T>(string subject, Func<Task<T>> action)
    {
        try
        {
            return await action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SnapshotException(SnapshotProblem.StoreUnavailable, $"{subject}: the snapshot store {Place} cannot be used: {e.Message}", e);
        }
        catch (CryptographicException e)
        {
            throw new SnapshotException(SnapshotProblem.Locked, $"snapshot {subject}: {e.Message}", e);
        }
    }
}
