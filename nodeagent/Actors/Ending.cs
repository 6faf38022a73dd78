using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Lease;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Actors;

/// <summary>Ends activations: after a suspension, when the process died, or when somebody else holds the actor now.</summary>
internal sealed class Ending(
    IOptions<NodeOptions> options,
    LiveActors live,
    Ledger ledger,
    SandboxPool pool,
    Limits limits,
    ActorStore actors,
    NodeSignal signal,
    StoreRetry retry,
    NodeMetrics metrics,
    ILogger<Ending> logger)
{
    /// <summary>Lets an activation go, once: frees its slot, takes its sandbox apart behind everyone's back.</summary>
    public void Release(LiveActor actor)
    {
        lock (actor.Lock)
        {
            if (actor.Phase == LivePhase.Gone)
            {
                return;
            }

            actor.Phase = LivePhase.Gone;
        }

        actor.StopWatching();
        live.Remove(actor);
        actor.LeaveOnce(ledger);
        if (actor.Sandbox is { } sandbox)
        {
            pool.Retire(sandbox);
        }

        signal.Changed();
    }

    /// <summary>Ends an activation that lost its actor to a newer one.</summary>
    public async Task KillAsync(LiveActor actor, string why)
    {
        await actor.Activation;
        Suspension? suspension;
        lock (actor.Lock)
        {
            suspension = actor.Suspension;
        }

        if (suspension is not null)
        {
            // It finds itself fenced and releases the sandbox.
            await suspension.Result;
        }

        Log.Killed(logger, actor.Key.ToString(), actor.Epoch, why);
        Release(actor);
    }

    /// <summary>From now on the end of its process is seen at once. While it is being suspended that is the suspension's to see.</summary>
    public void Watch(LiveActor actor) => _ = WatchAsync(actor);

    /// <summary>The process of an actor has ended by itself: the record goes back to the newest snapshot, with the cause.</summary>
    public async Task LostAsync(LiveActor actor)
    {
        lock (actor.Lock)
        {
            if (actor.Phase is LivePhase.Lost or LivePhase.Gone)
            {
                return;
            }

            actor.Phase = LivePhase.Lost;
        }

        var sandbox = actor.Sandbox!;
        var cause = limits.Explain(sandbox, await sandbox.Process!.Cause);
        var reason = sandbox.LastWords() is { Length: > 0 } output ? $"{cause}; its last output: {output}" : cause;
        metrics.Lost();
        Log.Lost(logger, actor.Key.ToString(), actor.Epoch, reason);
        await retry.UntilAnsweredAsync(() => actors.LostAsync(actor.Key, actor.Epoch, options.Value.Id, reason));
        Release(actor);
    }

    private async Task WatchAsync(LiveActor actor)
    {
        await actor.Sandbox!.Process!.Ended;
        if (actor.Phase != LivePhase.Running)
        {
            return;
        }

        try
        {
            await LostAsync(actor);
        }
        catch (Exception e)
        {
            // The record is settled by the next start, or by whoever finds the node without the actor; the slot is free again.
            Log.SettlingFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
            Release(actor);
        }
    }
}
