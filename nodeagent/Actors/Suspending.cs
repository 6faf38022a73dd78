using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Faults;
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
    Quiescing quiescing,
    Checkpointing checkpointing,
    CallingOff callingOff,
    Rewaking rewaking,
    LocalSnapshots snapshots,
    Uploads uploads,
    Ending ending,
    ActorStore actors,
    StoreRetry retry,
    FaultPoints faults,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<Suspending> logger)
{
    private static readonly TimeSpan CheckpointBound = TimeSpan.FromMinutes(2);

    private readonly NodeOptions _options = options.Value;

    /// <summary>Suspends an actor, or joins the suspension under way.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="epoch">Its activation.</param>
    /// <param name="pause">Leave the snapshot on this node's disk.</param>
    /// <param name="patience">How long to wait for connections to close.</param>
    /// <param name="cause">Why.</param>
    public async Task<SuspensionResult> SuspendAsync(
        ActorKey key, long epoch, bool pause, TimeSpan patience, SuspensionCause cause = SuspensionCause.Request)
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
            result = await GuardedAsync(actor, mine, patience, cause);
        }
        finally
        {
            // Whoever waits for this suspension is told, whatever became of it.
            metrics.Suspended(result.Outcome, cause);
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

    private async Task<SuspensionResult> GuardedAsync(LiveActor actor, Suspension suspension, TimeSpan patience, SuspensionCause cause)
    {
        try
        {
            return await RunAsync(actor, suspension, patience, cause == SuspensionCause.Drain);
        }
        catch (Exception e)
        {
            Log.SuspensionFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
            return await callingOff.RunOnAsync(actor, SuspensionOutcome.Failed, e is RunscException ? "checkpoint" : "failure", e.Message);
        }
    }

    private async Task<SuspensionResult> RunAsync(LiveActor actor, Suspension suspension, TimeSpan patience, bool insist)
    {
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
        faults.Reach(FaultPoint.Begun);
        var start = time.GetTimestamp();
        switch (await quiescing.WaitAsync(actor, suspension, patience, insist))
        {
            case Quiescence.Busy or Quiescence.Woken when suspension.Woken.IsCompleted:
                return await callingOff.RunOnAsync(actor, SuspensionOutcome.Busy, "woken", "a request arrived");
            case Quiescence.Busy:
                return await callingOff.RunOnAsync(actor, SuspensionOutcome.Busy, "busy", "requests are in flight");
            case Quiescence.Ended:
                await ending.LostAsync(actor);
                return new(SuspensionOutcome.Stale, "the actor's process has ended");
        }

        var quiesce = time.GetElapsedTime(start);
        faults.Reach(FaultPoint.Quiet);

        // 3. The point of no return: whoever asks from here on waits for the next activation.
        lock (actor.Lock)
        {
            suspension.Committed = insist || !suspension.Woken.IsCompleted;
        }

        if (!suspension.Committed)
        {
            return await callingOff.RunOnAsync(actor, SuspensionOutcome.Busy, "woken", "a request arrived");
        }

        // 4. Durable first, visible afterwards.
        start = time.GetTimestamp();
        var (name, manifest) = await checkpointing.TakeAsync(actor);
        return await CommitAsync(actor, suspension, name, manifest.RawBytes, quiesce, time.GetElapsedTime(start));
    }

    private async Task<SuspensionResult> CommitAsync(
        LiveActor actor, Suspension suspension, SnapshotName name, long bytes, TimeSpan quiesce, TimeSpan checkpoint)
    {
        var start = time.GetTimestamp();
        var committed = await retry.UntilAnsweredAsync(() => actors.PausedAsync(actor.Key, actor.Epoch, name.Id, _options.Id, bytes));
        faults.Reach(FaultPoint.Committed);
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
        Log.Suspended(logger, actor.Key.ToString(), actor.Epoch, name.Id, bytes, checkpoint.TotalMilliseconds);

        // 5. A request came after the point of no return: the actor is back at once, here, where its snapshot is.
        if (committed.Record is { WakeWanted: true } record)
        {
            rewaking.Wake(record);
        }

        uploads.Supersede(actor.Key, name.Id);
        if (suspension.Pause)
        {
            return new(SuspensionOutcome.Done);
        }

        // 6. On to the store; the actor stays PAUSED, and wakes here, until it is there.
        var problem = await uploads.UploadAsync(actor.Key, name.Id);
        return problem is null ? new(SuspensionOutcome.Done) : new(SuspensionOutcome.NotStored, problem);
    }
}
