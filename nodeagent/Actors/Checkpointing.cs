using System.Globalization;
using System.Security.Cryptography;
using Substrate.NodeAgent.Faults;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Snapshots;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Takes an actor's checkpoint and makes it a snapshot. The checkpoint ends the sandbox, so from that moment what it wrote is the
/// actor: an agent that dies before it is a snapshot finds it at its next start.
/// </summary>
internal sealed class Checkpointing(
    NodePaths paths, ISandboxRuntime runtime, LocalSnapshots snapshots, NodeIdentity identity, FaultPoints faults, TimeProvider time, ILogger<Checkpointing> logger)
{
    private static readonly TimeSpan CommitRetry = TimeSpan.FromSeconds(1);

    /// <summary>Checkpoints the sandbox of an actor and makes the result durable.</summary>
    /// <returns>The snapshot's name and what it says of itself.</returns>
    /// <exception cref="RunscException">It failed; the sandbox, if it lives, runs on.</exception>
    public async Task<(SnapshotName Name, SnapshotManifest Manifest)> TakeAsync(LiveActor actor)
    {
        var sandbox = actor.Sandbox!;
        var facts = new SnapshotFacts(actor.Epoch, sandbox.Template.Uid, sandbox.Template.ImageDigest, identity.Runtime);
        var intent = new CheckpointIntent(actor.Key.Atespace, actor.Key.Name, NewId(actor.Epoch), facts);
        var target = CheckpointDirectory.Create(Path.Combine(paths.Checkpoints, sandbox.Id), intent);
        try
        {
            await runtime.CheckpointAsync(sandbox.Id, target, CancellationToken.None);
        }
        catch
        {
            target.Delete();
            throw;
        }

        faults.Reach(FaultPoint.Checkpointed);
        var manifest = await KeepAsync(target, intent);
        target.Delete();
        faults.Reach(FaultPoint.Kept);
        return (intent.Snapshot, manifest);
    }

    /// <summary>Makes a whole checkpoint a snapshot: a disk that refuses is asked again, and nothing is given up.</summary>
    public async Task<SnapshotManifest> KeepAsync(CheckpointDirectory target, CheckpointIntent intent)
    {
        while (true)
        {
            try
            {
                target.ForgetManifest();
                return await snapshots.CommitAsync(intent.Snapshot, target.Image, intent.Facts, CancellationToken.None);
            }
            catch (Exception e) when (e is SnapshotException { Problem: not SnapshotProblem.Corrupt } or IOException or UnauthorizedAccessException)
            {
                Log.CommitDelayed(logger, $"{intent.Atespace}/{intent.Name}", intent.Facts.Epoch, e.Message);
                await Task.Delay(CommitRetry, time);
            }
        }
    }

    private static string NewId(long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{epoch}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}
