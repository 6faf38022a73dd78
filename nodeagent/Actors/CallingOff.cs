using Substrate.NodeAgent.Networks;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Actors;

/// <summary>Lets an actor run on whose suspension came to nothing.</summary>
internal sealed class CallingOff(
    Ending ending, ActorStore actors, StoreRetry retry, NodeMetrics metrics, TimeProvider time, ILogger<CallingOff> logger)
{
    /// <summary>How long the node itself leaves an actor alone: after a failure longer than after somebody used it.</summary>
    private static readonly TimeSpan AfterUse = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    /// <summary>Opens the actor's port and puts its record back to RUNNING. An actor whose process has ended is lost instead.</summary>
    /// <param name="actor">The actor, being suspended.</param>
    /// <param name="outcome">What is to be answered if it runs on.</param>
    /// <param name="kind">Reason as a metric's label.</param>
    /// <param name="reason">Reason in words.</param>
    public async Task<SuspensionResult> RunOnAsync(LiveActor actor, SuspensionOutcome outcome, string kind, string reason)
    {
        var sandbox = actor.Sandbox!;
        if (!sandbox.Alive)
        {
            await ending.LostAsync(actor);
            return new(SuspensionOutcome.Stale, reason);
        }

        // The port opens before the record says RUNNING, so that whoever reads it finds the door open.
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
        metrics.Aborted(kind);
        if (!aborted.Done)
        {
            ending.Release(actor);
            return new(SuspensionOutcome.Stale, "another activation holds the actor");
        }

        var pause = outcome == SuspensionOutcome.Failed ? AfterFailure : AfterUse;
        actor.Activity.ProtectedUntil = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        lock (actor.Lock)
        {
            (actor.Phase, actor.Suspension) = (LivePhase.Running, null);
        }

        // While it was being suspended its end was the suspension's to see.
        if (!sandbox.Alive)
        {
            await ending.LostAsync(actor);
        }

        return new(outcome, reason);
    }
}
