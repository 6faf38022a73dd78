using System.Globalization;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Recovery;

/// <summary>
/// Keeps what actors had in memory when the agent died under them: their sandboxes live on, so each whose epoch still stands is
/// checkpointed and committed like any other. Then settles every record that still counts on the run that ended.
/// </summary>
internal sealed class Survivors(
    IOptions<NodeOptions> options,
    ISandboxRuntime runtime,
    LocalSnapshots local,
    Uploads uploads,
    ActorStore actors,
    NodeRegistry nodes,
    NodeIdentity identity,
    ILogger<Survivors> logger)
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private readonly string _node = options.Value.Id;

    /// <summary>Checkpoints a sandbox of an earlier run if its actor's record still stands by it.</summary>
    /// <returns>True when the actor's memory was kept.</returns>
    public async Task<bool> KeepAsync(string sandbox, SandboxOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            var record = await actors.GetAsync(owner.Key);
            if (record is null || record.Epoch != owner.Epoch || record.Node != _node || record.Endpoint != owner.Endpoint || Whole(record) is not null)
            {
                return false;
            }

            if (record.State == ActorState.Running)
            {
                record = (await actors.BeginPauseAsync(owner.Key, owner.Epoch, Within)).Record!;
            }

            if (record.State is not (ActorState.Pausing or ActorState.Suspending))
            {
                return false;
            }

            var name = SnapshotName.ForActor(owner.Key, string.Create(CultureInfo.InvariantCulture, $"{owner.Epoch}-{Guid.NewGuid().ToString("N")[..8]}"));
            var staged = local.Stage(name);
            try
            {
                await runtime.CheckpointAsync(sandbox, staged, cancellationToken);
            }
            catch
            {
                local.Unstage(staged);
                throw;
            }

            // Which template it was follows from the record; an actor never changes its template.
            await local.CommitAsync(name, staged, new SnapshotFacts(owner.Epoch, "", "", identity.Runtime), cancellationToken);
            return true;
        }
        catch (Exception e) when (e is RunscException or SnapshotException)
        {
            Log.NotKept(logger, owner.Key.ToString(), sandbox, e.Message);
            return false;
        }
    }

    /// <summary>
    /// Settles the records that name this node: a snapshot of the current epoch that is whole on disk is committed, an activation or
    /// suspension that nobody is left to finish goes back to the newest snapshot, and interrupted uploads go on.
    /// </summary>
    public async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await nodes.ActorsAsync(_node))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = await actors.GetAsync(key);
            if (record is null)
            {
                await nodes.ForgetActorAsync(_node, key);
                continue;
            }

            if (record.Node == _node)
            {
                record = await SettleAsync(record);
            }

            if (record is { UploadWanted: true, Snapshot: { Stored: false } snapshot } && snapshot.Node == _node)
            {
                _ = uploads.UploadAsync(key, snapshot.Id);
            }
        }
    }

    private async Task<ActorRecord?> SettleAsync(ActorRecord record)
    {
        if (Whole(record) is { } name)
        {
            if (record.State == ActorState.Running)
            {
                await actors.BeginPauseAsync(record.Key, record.Epoch, Within);
            }

            var committed = await actors.PausedAsync(record.Key, record.Epoch, name.Id, _node, local.Bytes(name));
            if (committed.Done)
            {
                uploads.Supersede(record.Key, name.Id);
                return committed.Record;
            }
        }

        return record.State == ActorState.Resuming
            ? (await actors.FailAsync(record.Key, record.Epoch, _node, "the node agent restarted while the actor was being activated")).Record
            : (await actors.LostAsync(record.Key, record.Epoch, _node, "the node agent restarted and the actor's process was gone")).Record;
    }

    // A snapshot that the current epoch took and that is not the one it was restored from.
    private SnapshotName? Whole(ActorRecord record)
    {
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{record.Epoch}-");
        foreach (var name in local.List(SnapshotName.OwnerOf(record.Key)))
        {
            if (name.Id.StartsWith(prefix, StringComparison.Ordinal) && name.Id != record.Snapshot?.Id)
            {
                return name;
            }
        }

        return null;
    }
}
