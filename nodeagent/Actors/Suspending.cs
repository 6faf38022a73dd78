using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Transitions;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Suspends actors without losing anything: stop new connections, wait until none is open, checkpoint, make the snapshot durable, and
/// only then commit. Up to the checkpoint a request calls it off; when the checkpoint fails the actor runs on.
/// </summary>
internal sealed class Suspending(
    IOptions<NodeOptions> options,
    LiveActors live,
    Freezer freezer,
    ISandboxRuntime runtime,
    LocalSnapshots snapshots,
    Uploads uploads,
    Ending ending,
    ActorStore actors,
    NodeIdentity identity,
    StoreRetry retry,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<Suspending> logger)
{
    private static readonly TimeSpan FlowInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan CommitRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckpointBound = TimeSpan.FromMinutes(2);

    private readonly NodeOptions _options = options.Value;

    /// <summary>Suspends an actor, or joins the suspension under way.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="epoch">Its activation.</param>
    /// <param name="pause">Leave the snapshot on this node's disk.</param>
    /// <param name="patience">How long to wait for connections to close.</param>
    /// <param name="insist">Go on when they do not, cutting them: the node is about to go, and the actor's memory with it.</param>
    public async Task<SuspensionResult> SuspendAsync(ActorKey key, long epoch, bool pause, TimeSpan patience, bool insist = false)
    {
        if (live.Find(key) is not { } actor || actor.Epoch != epoch)
        {
            return new(SuspensionOutcome.Stale, $"actor {key} does not run on node {_options.Id} in epoch {epoch}");
        }

        await actor.Activation;
        Suspension mine = new(pause);
        Suspension? other = null;
        lock (actor.Lock)
        {
            if (actor.Phase == LivePhase.Suspending)
            {
                other = actor.Suspension;
            }
            else if (actor.Phase == LivePhase.Running)
            {
                (actor.Phase, actor.Suspension) = (LivePhase.Suspending, mine);
            }
            else
            {
                return new(SuspensionOutcome.Stale, $"actor {key} does not run any more");
            }
        }

        if (other is not null)
        {
            return await other.Result;
        }

        var result = new SuspensionResult(SuspensionOutcome.Failed, "the node agent failed");
        try
        {
            result = await GuardedAsync(actor, mine, patience, insist);
        }
        finally
        {
            // Whoever waits for this suspension is told, whatever became of it.
            metrics.Suspended(result.Outcome);
            mine.Finish(result);
        }

        return result;
    }

    /// <summary>A request wants the actor: calls its suspension off unless the checkpoint has begun.</summary>
    /// <returns>True when the actor runs on.</returns>
    public async Task<bool> WakeAsync(ActorKey key, long epoch)
    {
        if (live.Find(key) is not { } actor || actor.Epoch != epoch)
        {
            return false;
        }

        freezer.Thaw(actor, ThawCause.Call);
        Suspension? suspension;
        lock (actor.Lock)
        {
            suspension = actor.Phase == LivePhase.Suspending ? actor.Suspension : null;
            if (suspension is { Committed: true })
            {
                return false;
            }
        }

        suspension?.Wake();
        return suspension is null || (await suspension.Result).Outcome == SuspensionOutcome.Busy;
    }

    private async Task<SuspensionResult> GuardedAsync(LiveActor actor, Suspension suspension, TimeSpan patience, bool insist)
    {
        try
        {
            return await RunAsync(actor, suspension, patience, insist);
        }
        catch (Exception e)
        {
            Log.SuspensionFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
            return await CallOffAsync(actor, SuspensionOutcome.Failed, e.Message);
        }
    }

    private async Task<SuspensionResult> RunAsync(LiveActor actor, Suspension suspension, TimeSpan patience, bool insist)
    {
        var sandbox = actor.Sandbox!;

        // 1. Everyone learns of it; proxies drop their route and close idle connections.
        var within = patience + CheckpointBound;
        var begun = suspension.Pause
            ? await actors.BeginPauseAsync(actor.Key, actor.Epoch, within)
            : await actors.BeginSuspendAsync(actor.Key, actor.Epoch, within);
        if (!begun.Done)
        {
            ending.Release(actor);
            return new(SuspensionOutcome.Stale, "another activation holds the actor");
        }

        // A frozen process neither closes its connections nor can be checkpointed.
        freezer.Thaw(actor, ThawCause.Suspension);

        // 2. Quiesce: no new connections, and wait until those that are open have ended.
        var start = time.GetTimestamp();
        await sandbox.Berth.Network.CloseAsync(sandbox.Port, CancellationToken.None);
        while (actor.FlowsAtWork(time) > 0)
        {
            var late = time.GetElapsedTime(start) >= patience;
            if (late && insist)
            {
                break;
            }

            if (late || (suspension.Woken.IsCompleted && !insist))
            {
                return await CallOffAsync(actor, SuspensionOutcome.Busy, "requests are in flight");
            }

            await Task.Delay(FlowInterval, time);
        }

        var quiesce = time.GetElapsedTime(start);

        // 3. The point of no return: whoever asks from here on waits for the next activation.
        lock (actor.Lock)
        {
            suspension.Committed = insist || !suspension.Woken.IsCompleted;
        }

        if (!suspension.Committed)
        {
            return await CallOffAsync(actor, SuspensionOutcome.Busy, "a request arrived");
        }

        start = time.GetTimestamp();
        var name = SnapshotName.ForActor(actor.Key, NewId(actor.Epoch));
        var staged = snapshots.Stage(name);
        try
        {
            await runtime.CheckpointAsync(sandbox.Id, staged, CancellationToken.None);
        }
        catch (RunscException e)
        {
            snapshots.Unstage(staged);
            if (!sandbox.Alive)
            {
                await ending.LostAsync(actor);
                return new(SuspensionOutcome.Stale, e.Message);
            }

            throw;
        }

        // 4. Durable first, visible afterwards.
        var facts = new SnapshotFacts(actor.Epoch, sandbox.Template.Uid, sandbox.Template.ImageDigest, identity.Runtime);
        var manifest = await MakeDurableAsync(actor, name, staged, facts);
        var checkpoint = time.GetElapsedTime(start);
        start = time.GetTimestamp();
        var committed = await retry.UntilAnsweredAsync(() => actors.PausedAsync(actor.Key, actor.Epoch, name.Id, _options.Id, manifest.RawBytes));
        ending.Release(actor);
        if (!committed.Done)
        {
            if (committed.Outcome is Outcome.Fenced or Outcome.Missing)
            {
                snapshots.Delete(name);
            }

            return new(SuspensionOutcome.Stale, "another activation holds the actor");
        }

        metrics.SuspensionPhases(quiesce, checkpoint, time.GetElapsedTime(start));
        Log.Suspended(logger, actor.Key.ToString(), actor.Epoch, name.Id, manifest.RawBytes, checkpoint.TotalMilliseconds);
        uploads.Supersede(actor.Key, name.Id);
        if (suspension.Pause)
        {
            return new(SuspensionOutcome.Done);
        }

        // 5. On to the store; the actor stays PAUSED, and wakes here, until it is there.
        var problem = await uploads.UploadAsync(actor.Key, name.Id);
        return problem is null ? new(SuspensionOutcome.Done) : new(SuspensionOutcome.NotStored, problem);
    }

    // The checkpoint ended the sandbox, so what it wrote is the actor now: a disk that refuses is asked again and nothing is given up.
    private async Task<SnapshotManifest> MakeDurableAsync(LiveActor actor, SnapshotName name, string staged, SnapshotFacts facts)
    {
        while (true)
        {
            try
            {
                return await snapshots.CommitAsync(name, staged, facts, CancellationToken.None);
            }
            catch (Exception e) when (e is not SnapshotException { Problem: SnapshotProblem.Corrupt })
            {
                Log.CommitDelayed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
                await Task.Delay(CommitRetry, time);
            }
        }
    }

    // The port opens before the record says RUNNING, so that whoever reads it finds the door open.
    private async Task<SuspensionResult> CallOffAsync(LiveActor actor, SuspensionOutcome outcome, string reason)
    {
        var sandbox = actor.Sandbox!;
        if (!sandbox.Alive)
        {
            await ending.LostAsync(actor);
            return new(SuspensionOutcome.Stale, reason);
        }

        try
        {
            await sandbox.Berth.Network.OpenAsync(sandbox.Port, sandbox.ActorPort, CancellationToken.None);
        }
        catch (NetworkException e)
        {
            // Still open when the attempt had not got as far as closing it; otherwise callers learn it by being refused.
            Log.SuspensionFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
        }

        var aborted = await retry.UntilAnsweredAsync(
            () => actors.AbortAsync(actor.Key, actor.Epoch, outcome == SuspensionOutcome.Failed ? reason : ""));
        if (!aborted.Done)
        {
            ending.Release(actor);
            return new(SuspensionOutcome.Stale, "another activation holds the actor");
        }

        var pause = outcome == SuspensionOutcome.Failed ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(2);
        actor.Activity.ProtectedUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        lock (actor.Lock)
        {
            (actor.Phase, actor.Suspension) = (LivePhase.Running, null);
        }

        return new(outcome, reason);
    }

    private static string NewId(long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $"{epoch}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
}
