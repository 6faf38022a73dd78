using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Faults;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.NodeAgent.Actors;

/// <summary>What an activation is to bring up.</summary>
/// <param name="Key">The actor.</param>
/// <param name="Epoch">The claim's epoch.</param>
/// <param name="Template">What it is made from.</param>
/// <param name="Snapshot">Snapshot to restore; empty for the golden one.</param>
/// <param name="Boot">Start a fresh process and use no snapshot.</param>
/// <param name="Wait">How long it may wait for room.</param>
internal sealed record ActivationOrder(ActorKey Key, long Epoch, TemplateKey Template, string Snapshot, bool Boot, TimeSpan Wait);

/// <summary>
/// Brings actors up. An activation that was begun is finished whether its caller stays or not: it ends as RUNNING, or back at rest with
/// a reason, or as refused with the claim untouched.
/// </summary>
internal sealed class Activating(
    IOptions<NodeOptions> options,
    LiveActors live,
    Ledger ledger,
    RecentActivations recent,
    SandboxPool pool,
    Restoring restoring,
    SnapshotSource snapshots,
    TemplateCache templates,
    ActorStore actors,
    Ending ending,
    StoreRetry retry,
    NodeIdentity identity,
    FaultPoints faults,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<Activating> logger)
{
    private readonly NodeOptions _options = options.Value;

    /// <summary>Brings an actor up, or joins the activation of that epoch which is under way.</summary>
    public async Task<NodeActivation> ActivateAsync(ActivationOrder order)
    {
        while (true)
        {
            var mine = new LiveActor(order.Key, order.Epoch, time.GetTimestamp());
            if (live.TryAdd(mine))
            {
                var answer = new NodeActivation(NodeOutcome.Failed, Reason: "the node agent failed");
                try
                {
                    answer = await RunAsync(mine, order);
                }
                finally
                {
                    // Whoever waits for this activation is told, whatever became of it.
                    mine.Finish(answer);
                }

                return answer;
            }

            if (live.Find(order.Key) is not { } other)
            {
                continue;
            }

            if (other.Epoch >= order.Epoch)
            {
                return other.Epoch == order.Epoch
                    ? await other.Activation
                    : new NodeActivation(NodeOutcome.Stale, Reason: $"epoch {order.Epoch} is over, this node runs epoch {other.Epoch}");
            }

            // A newer claim means that the older activation has lost the actor already.
            await ending.KillAsync(other, $"epoch {order.Epoch} was claimed");
        }
    }

    private async Task<NodeActivation> RunAsync(LiveActor actor, ActivationOrder order)
    {
        try
        {
            // 1. Room. A refusal leaves the claim to the caller, who moves it to another node.
            var start = time.GetTimestamp();
            var template = await templates.GetAsync(order.Template);
            if (template is not { Phase: TemplatePhase.Ready })
            {
                ending.Release(actor);
                return await FailAsync(actor, $"ActorTemplate {order.Template} is not ready");
            }

            var need = Room.Of(ResourceRequest.Of(template));
            actor.Place = identity.Fenced ? null : await ledger.EnterAsync(need, order.Wait);
            if (actor.Place is null)
            {
                ending.Release(actor);
                return new NodeActivation(NodeOutcome.Refused, Reason: Refusal.Describe(_options.Id, need, ledger.Total));
            }

            faults.Reach(FaultPoint.Admitted);
            var queue = time.GetElapsedTime(start);
            pool.Enter();
            NodeActivation result;
            try
            {
                result = await BringUpAsync(actor, order, template, queue);
            }
            finally
            {
                pool.Leave();
            }

            if (result.Outcome != NodeOutcome.Running)
            {
                ending.Release(actor);
            }

            metrics.Activated(result);
            return result;
        }
        catch (Exception e)
        {
            // Whatever went wrong, the record must not stay RESUMING and the slot must not stay taken.
            ending.Release(actor);
            Log.ActivationFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
            return await FailAsync(actor, e.Message);
        }
    }

    private async Task<NodeActivation> BringUpAsync(LiveActor actor, ActivationOrder order, TemplateRecord template, TimeSpan queue)
    {
        // 2. The snapshot, verified, on this node's disk.
        var start = time.GetTimestamp();
        var directory = order.Boot ? null : await snapshots.OpenAsync(order.Key, order.Snapshot, template, CancellationToken.None);
        var fetch = time.GetElapsedTime(start);

        // 3. Its process, answering.
        var restored = await restoring.RestoreAsync(actor, template, directory);
        if (restored.Sandbox is not { } sandbox)
        {
            return await FailAsync(actor, restored.Problem);
        }

        // 4. Its address, for everyone.
        faults.Reach(FaultPoint.Restored);
        return await PublishAsync(actor, sandbox, new ActivationTimings(queue, fetch, restored.Restore, restored.Ready, TimeSpan.Zero, restored.Warm));
    }

    private async Task<NodeActivation> PublishAsync(LiveActor actor, Sandbox sandbox, ActivationTimings timings)
    {
        var start = time.GetTimestamp();
        actor.Sandbox = sandbox;
        actor.Activity.Saw(busy: true, packets: true, start);
        lock (actor.Lock)
        {
            if (actor.Phase == LivePhase.Resuming)
            {
                actor.Phase = LivePhase.Running;
            }
        }

        var result = await retry.UntilAnsweredAsync(() => actors.RunningAsync(actor.Key, actor.Epoch, _options.Id, sandbox.Endpoint));
        faults.Reach(FaultPoint.Published);
        if (!result.Done)
        {
            return new NodeActivation(NodeOutcome.Stale, Reason: "the claim was taken over while the actor was being restored");
        }

        recent.Add(sandbox.Template.Uid);
        ending.Watch(actor);
        Log.Activated(logger, actor.Key.ToString(), actor.Epoch, sandbox.Endpoint, timings.Restore.TotalMilliseconds, timings.Warm);
        return new NodeActivation(NodeOutcome.Running, sandbox.Endpoint, "", timings with { Publish = time.GetElapsedTime(start) });
    }

    private async Task<NodeActivation> FailAsync(LiveActor actor, string reason)
    {
        var failed = await retry.UntilAnsweredAsync(() => actors.FailAsync(actor.Key, actor.Epoch, _options.Id, reason));
        return failed.Outcome is Outcome.Ok or Outcome.WrongState
            ? new NodeActivation(NodeOutcome.Failed, Reason: reason)
            : new NodeActivation(NodeOutcome.Stale, Reason: reason);
    }
}
