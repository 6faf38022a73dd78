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
    /// <summary>Lets a running or suspended activation go: frees its slot, takes the sandbox apart behind everyone's back.</summary>
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

    /// <summary>The sandbox process is gone while the actor ran: the record goes back to the newest snapshot.</summary>
    public async Task LostAsync(LiveActor actor)
    {
        var sandbox = actor.Sandbox!;
        var cause = limits.Explain(sandbox, "the process exited");
        var reason = sandbox.LastWords() is { Length: > 0 } output ? $"{cause}; its last output: {output}" : cause;
        metrics.Lost();
        Log.Lost(logger, actor.Key.ToString(), actor.Epoch, reason);
        await retry.UntilAnsweredAsync(() => actors.LostAsync(actor.Key, actor.Epoch, options.Value.Id, reason));
        Release(actor);
    }
}
