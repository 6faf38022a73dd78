using System.Security.Cryptography;
using Substrate.NodeAgent.Snapshots.Packing;
using Substrate.NodeAgent.Store;
using ZstdSharp;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>Moves the files of one snapshot between a node's disk and the store. A bounded number at once, so that one large one does not starve the others of memory.</summary>
internal sealed class SnapshotTransfer(IObjectStore objects, KeyRing keys, int parallel) : IDisposable
{
    private readonly SemaphoreSlim _gets = new(parallel);
    private readonly SemaphoreSlim _puts = new(parallel);

    /// <summary>Packs and stores every file, then the manifest. What a failed attempt stored is removed again if the store allows it.</summary>
    /// <exception cref="SnapshotException">The local one is missing or damaged.</exception>
    /// <exception cref="IOException">The store cannot be written.</exception>
    public async Task<SnapshotManifest> PutAsync(LocalSnapshots source, SnapshotName name, SnapshotName? basis, CancellationToken cancellation)
    {
        var from = source.Find(name) ?? throw SnapshotException.Missing(name, "this node's disk");
        using var pin = source.Pin(name);
        using var basisPin = basis is { } b ? source.Pin(b) : null;
        var manifest = await source.ReadManifestAsync(name, cancellation);
        await _puts.WaitAsync(cancellation);
        var attempt = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var staged = source.Stage(name);
        var complete = false;
        try
        {
            var dataKey = keys.Encrypts ? RandomNumberGenerator.GetBytes(SegmentCipher.KeyBytes) : null;
            var basisPath = basis is { } against ? source.Find(against) : null;
            var files = await Task.WhenAll(manifest.Files.Select(
                (file, index) => Task.Run(() => PutAsync(file, index, name, from, basisPath, staged, attempt, dataKey, cancellation), cancellation)));
            var stored = manifest with
            {
                Files = [.. files],
                Base = files.Any(static f => f.Encoding is SnapshotEncoding.Pages or SnapshotEncoding.Prefix) ? basis.ToString() : null,
                Encryption = dataKey is null ? null : Wrap(dataKey, name),
            };

            // From here on the files stay whatever happens: a write that was not answered may have been done.
            complete = true;
            await objects.PutAsync($"{name}/{ManifestFile.FileName}", ManifestFile.Format(stored), cancellation);
            return stored;
        }
        finally
        {
            _puts.Release();
            source.Unstage(staged);
            if (!complete)
            {
                await TryRemoveAsync(manifest.Files.Select(f => $"{name}/{f.Name}.{attempt}"));
            }
        }
    }

    /// <summary>Unpacks every file while it comes in, straight into the directory it will be restored from.</summary>
    /// <exception cref="SnapshotException">A file is missing or damaged, the snapshot is locked, or store or disk cannot be used.</exception>
    public async Task<string> GetAsync(SnapshotName name, SnapshotManifest manifest, string? basis, LocalSnapshots target, CancellationToken cancellation)
    {
        await _gets.WaitAsync(cancellation);
        var staged = target.Stage(name);
        try
        {
            var dataKey = manifest.Encryption is { } encryption ? Unwrap(encryption, name) : null;
            await Task.WhenAll(manifest.Files.Select(
                (file, index) => Task.Run(() => GetAsync(file, index, name, basis, staged, dataKey, cancellation), cancellation)));
            return await target.AdoptAsync(name, staged, manifest, cancellation);
        }
        catch (CryptographicException e)
        {
            throw new SnapshotException(SnapshotProblem.Locked, $"snapshot {name}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, $"{objects.Place} or {staged}", e);
        }
        finally
        {
            _gets.Release();
            target.Unstage(staged);
        }
    }

    /// <summary>The encryption of <paramref name="from"/>, with its key wrapped by the newest key for <paramref name="to"/>.</summary>
    /// <exception cref="SnapshotException">The key is not there.</exception>
    public SnapshotEncryption Rewrap(SnapshotEncryption encryption, SnapshotName from, SnapshotName to)
    {
        try
        {
            return Wrap(Unwrap(encryption, from), to);
        }
        catch (CryptographicException e)
        {
            throw new SnapshotException(SnapshotProblem.Locked, $"snapshot {from}: {e.Message}", e);
        }
    }

    public void Dispose()
    {
        _gets.Dispose();
        _puts.Dispose();
    }

    private async Task<SnapshotFile> PutAsync(
        SnapshotFile file, int index, SnapshotName name, string from, string? basis, string staged, string attempt, byte[]? dataKey, CancellationToken cancellation)
    {
        var source = Path.Combine(from, file.Name);
        var target = Path.Combine(staged, file.Name);
        var basisFile = basis is null ? null : Path.Combine(basis, file.Name);
        SnapshotFile packed;
        try
        {
            Func<SegmentCipher>? cipher = dataKey is null ? null : () => new SegmentCipher(dataKey, index, file.Name);
            packed = FilePacker.Pack(source, File.Exists(basisFile) ? basisFile : null, target, file, cipher, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            throw SnapshotException.Corrupt(name, source, e.Message, e);
        }

        packed = packed with { Object = $"{file.Name}.{attempt}" };
        await objects.PutAsync($"{name}/{packed.Object}", target, cancellation);
        File.Delete(target);
        return packed;
    }

    private async Task GetAsync(
        SnapshotFile file, int index, SnapshotName name, string? basis, string staged, byte[]? dataKey, CancellationToken cancellation)
    {
        var key = $"{name}/{file.StoredName}";
        try
        {
            await using var source = await objects.OpenAsync(key, file.StoredBytes, cancellation);
            using var cipher = dataKey is null ? null : new SegmentCipher(dataKey, index, file.Name);
            await FileUnpacker.UnpackAsync(
                source, basis is null ? null : Path.Combine(basis, file.Name), Path.Combine(staged, file.Name), file, cipher, cancellation);
        }
        catch (FileNotFoundException e)
        {
            // Without its manifest it has been deleted just now; with it the store has lost a part.
            throw await objects.ExistsAsync($"{name}/{ManifestFile.FileName}", cancellation)
                ? SnapshotException.Corrupt(name, key, "it is missing", e)
                : SnapshotException.Missing(name, $"the store {objects.Place}");
        }
        catch (Exception e) when (e is InvalidDataException or ZstdException or EndOfStreamException)
        {
            throw SnapshotException.Corrupt(name, key, e.Message, e);
        }
    }

    private SnapshotEncryption Wrap(byte[] dataKey, SnapshotName name)
    {
        var (key, wrapped) = keys.Wrap(dataKey, name.ToString());
        return new(SnapshotEncryption.Aes256Gcm, key, wrapped);
    }

    private byte[] Unwrap(SnapshotEncryption encryption, SnapshotName name) =>
        encryption.Algorithm == SnapshotEncryption.Aes256Gcm
            ? keys.Unwrap(encryption.Key, encryption.Wrapped, name.ToString())
            : throw new CryptographicException($"it is encrypted by '{encryption.Algorithm}', which this node does not know");

    // Best effort: what stays has no manifest and is found by the sweeper.
    private async Task TryRemoveAsync(IEnumerable<string> names)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        try
        {
            await objects.DeleteAsync([.. names], limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }
}
