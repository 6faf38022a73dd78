using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Runtime;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Recovery;

/// <summary>
/// Finds the checkpoints that an earlier run of the agent had begun. The command outlives the agent: one that is still writing is waited
/// for, and one that has written all of it becomes the snapshot that it was to be. The sandbox ended with it, so it is the actor.
/// </summary>
internal sealed class InterruptedCheckpoints(
    IOptions<NodeOptions> options, NodePaths paths, Checkpointing checkpointing, ActorStore actors, TimeProvider time, ILogger<InterruptedCheckpoints> logger)
{
    /// <summary>Makes snapshots of those that are whole and still wanted, and removes the others.</summary>
    /// <returns>How many became snapshots, and how many were removed.</returns>
    public async Task<(int Kept, int Removed)> SettleAsync(CancellationToken cancellationToken)
    {
        var (kept, removed) = (0, 0);
        foreach (var path in Directory.GetDirectories(paths.Checkpoints))
        {
            var directory = new CheckpointDirectory(path);
            if (!await directory.EndedAsync(options.Value.RuntimeTimeout, time, cancellationToken))
            {
                Log.NotKept(logger, directory.Intent()?.Key.ToString() ?? "an actor", directory.Sandbox, "its checkpoint does not end");
            }

            var keep = directory.IsWhole() && directory.Intent() is { } intent && await WantedAsync(intent);
            if (keep)
            {
                await checkpointing.KeepAsync(directory, directory.Intent()!);
            }

            directory.Delete();
            (kept, removed) = keep ? (kept + 1, removed) : (kept, removed + 1);
        }

        return (kept, removed);
    }

    // An epoch that is over must not come back; one that was committed already has its snapshot.
    private async Task<bool> WantedAsync(CheckpointIntent intent) =>
        await actors.GetAsync(intent.Key) is { } record
        && record.Epoch == intent.Facts.Epoch
        && record.Node == options.Value.Id
        && record.State is ActorState.Pausing or ActorState.Suspending;
}
