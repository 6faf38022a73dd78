using Substrate.NodeAgent.Flights;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>Brings a snapshot to this node's disk, verified. A damaged local copy is replaced if the store holds the snapshot.</summary>
internal sealed class SnapshotOpener(LocalSnapshots local, SnapshotStore store) : IAsyncDisposable
{
    private readonly SingleFlight<SnapshotName, string> _repairs = new();

    /// <summary>Local directory of a snapshot whose every byte was just verified.</summary>
    /// <exception cref="SnapshotException">It is nowhere, damaged and not in the store, locked, or of another runtime or architecture.</exception>
    public async Task<string> OpenAsync(SnapshotName name, string runtime, CancellationToken cancellation)
    {
        if (local.Find(name) is null)
        {
            // Verified while it came in; a second look would only read it all again.
            var fetched = await store.FetchAsync(name, local, cancellation);
            SnapshotCheck.Fits(await local.ReadManifestAsync(name, cancellation), name, runtime);
            return fetched;
        }

        try
        {
            return await local.OpenVerifiedAsync(name, runtime, cancellation);
        }
        catch (SnapshotException e) when (e.Problem is SnapshotProblem.Corrupt or SnapshotProblem.Missing)
        {
            // Missing since just now: another repair is replacing it.
            return await _repairs.RunAsync(name, end => RepairAsync(name, runtime, end), cancellation);
        }
    }

    public ValueTask DisposeAsync() => _repairs.DisposeAsync();

    private async Task<string> RepairAsync(SnapshotName name, string runtime, CancellationToken cancellation)
    {
        await store.FetchAsync(name, local, cancellation);
        try
        {
            // Looked at once more: another flight may have replaced it, and somebody may be restoring from that copy by now.
            return await local.OpenVerifiedAsync(name, runtime, cancellation);
        }
        catch (SnapshotException e) when (e.Problem == SnapshotProblem.Corrupt)
        {
            if (!await store.ExistsAsync(name, cancellation))
            {
                // The only copy: damaged or not, it is not ours to throw away.
                throw;
            }

            local.Delete(name);
            await store.FetchAsync(name, local, cancellation);
            return await local.OpenVerifiedAsync(name, runtime, cancellation);
        }
    }
}
