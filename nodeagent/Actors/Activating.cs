using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Runtime;
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
    Limits limits,
    ISandboxRuntime runtime,
    Readiness readiness,
    SnapshotSource snapshots,
    TemplateCache templates,
    ActorStore actors,
    Ending ending,
    StoreRetry retry,
    NodeIdentity identity,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<Activating> logger)
{
    private readonly NodeOptions _options = options.Value;
    private readonly SemaphoreSlim _restores = new(options.Value.EffectiveRestores);

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
                End(actor);
                return await FailAsync(actor, $"ActorTemplate {order.Template} is not ready");
            }

            var need = Room.Of(ResourceRequest.Of(template));
            actor.Place = identity.Fenced ? null : await ledger.EnterAsync(need, order.Wait);
            if (actor.Place is null)
            {
                End(actor);
                return new NodeActivation(NodeOutcome.Refused, Reason: Refusal.Describe(_options.Id, need, ledger.Total));
            }

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
                End(actor);
            }

            metrics.Activated(result);
            return result;
        }
        catch (Exception e)
        {
            // Whatever went wrong, the record must not stay RESUMING and the slot must not stay taken.
            End(actor);
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

        // 3. Restore, and once more in another sandbox if the process does not come back: some restores are born deaf.
        string problem;
        var attempt = 0;
        do
        {
            var (sandbox, warm) = await pool.TakeAsync(template, CancellationToken.None);
            try
            {
                start = time.GetTimestamp();
                var (restore, ready, trouble) = await RestoreAsync(sandbox, actor, directory);
                if (trouble is null)
                {
                    var timings = new ActivationTimings(queue, fetch, restore, ready, TimeSpan.Zero, warm);
                    return await PublishAsync(actor, sandbox, timings);
                }

                problem = Describe(trouble, sandbox);
            }
            catch (RunscException e)
            {
                problem = Describe(e.Message, sandbox);
            }
            catch
            {
                pool.Retire(sandbox);
                throw;
            }

            pool.Retire(sandbox);
            metrics.RestoreFailed();
            Log.RestoreFailed(logger, actor.Key.ToString(), actor.Epoch, problem);
        }
        while (attempt++ == 0);

        return await FailAsync(actor, problem);
    }

    // Probing begins with the restore, and an answer is all that counts: the process serves before the command that restored it has ended.
    private async Task<(TimeSpan Restore, TimeSpan Ready, string? Problem)> RestoreAsync(Sandbox sandbox, LiveActor actor, string? directory)
    {
        sandbox.Assign(new SandboxOwner(actor.Key.Atespace, actor.Key.Name, actor.Epoch, sandbox.Endpoint));
        var limit = directory is null ? sandbox.Template.Spec.Container.ReadyTimeout : _options.RestoreReadyTimeout;
        await _restores.WaitAsync();
        var start = time.GetTimestamp();
        using var over = new CancellationTokenSource();
        Task<string?> probe;
        Task command;
        try
        {
            probe = readiness.WaitAsync(sandbox, limit, over.Token);
            command = directory is null
                ? runtime.StartAsync(sandbox.Id, CancellationToken.None)
                : runtime.RestoreAsync(sandbox.Id, directory, CancellationToken.None);
            await Task.WhenAny(probe, command);
        }
        finally
        {
            // A process that never answers must not keep others from being restored.
            _restores.Release();
        }

        var restore = time.GetElapsedTime(start);
        var problem = await AnswerAsync(probe, command, sandbox, over);
        return (restore, time.GetElapsedTime(start) - restore, problem);
    }

    // Waits for the probe, but neither for a command that failed nor for a process that has ended.
    private async Task<string?> AnswerAsync(Task<string?> probe, Task command, Sandbox sandbox, CancellationTokenSource over)
    {
        while (!probe.IsCompleted)
        {
            var problem = command.IsFaulted ? command.Exception.InnerException!.Message
                : command.IsCompleted && !sandbox.Alive ? "the process exited"
                : null;
            if (problem is not null)
            {
                await over.CancelAsync();
                await ((Task)probe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return problem;
            }

            using var tick = new CancellationTokenSource();
            await Task.WhenAny(probe, Task.Delay(TimeSpan.FromMilliseconds(50), time, tick.Token));
            await tick.CancelAsync();
        }

        return await probe;
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
        if (!result.Done)
        {
            pool.Retire(sandbox);
            return new NodeActivation(NodeOutcome.Stale, Reason: "the claim was taken over while the actor was being restored");
        }

        recent.Add(sandbox.Template.Uid);
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

    private void End(LiveActor actor)
    {
        lock (actor.Lock)
        {
            actor.Phase = LivePhase.Gone;
        }

        live.Remove(actor);
        actor.LeaveOnce(ledger);
    }

    private string Describe(string problem, Sandbox sandbox)
    {
        var cause = limits.Explain(sandbox, problem);
        return sandbox.LastWords() is { Length: > 0 } output ? $"{cause}; its last output: {output}" : cause;
    }
}
