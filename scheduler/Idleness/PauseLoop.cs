using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Leadership;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Idleness;

/// <summary>Pauses actors that have been idle for their template's time.</summary>
internal sealed class PauseLoop(
    NodeRegistry nodes,
    NodeAgentClients agents,
    IdlePolicies policies,
    Leaving leaving,
    Actuator actuator,
    IOptions<SchedulerOptions> options,
    TimeProvider time,
    ILogger<PauseLoop> logger) : ILoop
{
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(30);

    /// <summary>A checkpoint that failed costs as much as one that succeeds; it is not tried again at once.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly NodeErrands _errands = new();
    private readonly ConcurrentDictionary<(ActorKey Key, long Epoch), long> _failed = new();

    public string Name => "idle-pause";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var (failed, at) in _failed)
        {
            if (time.GetElapsedTime(at) > AfterFailure)
            {
                _failed.TryRemove(failed, out _);
            }
        }

        foreach (var lease in (await nodes.ListAsync()).Where(static lease => lease.Live))
        {
            await _errands.SendAsync(lease.Status.Id, () => PauseIdleAsync(lease, cancellationToken));
        }
    }

    public Task EndAsync() => _errands.EndAsync();

    private async Task PauseIdleAsync(NodeLease lease, CancellationToken cancellationToken)
    {
        var node = lease.Status;
        var answer = await agents.ListSandboxesAsync(node, cancellationToken);
        if (answer.Reply is not { } reply)
        {
            SchedulerMetrics.Decided(Name, "list", "Unreachable");
            SchedulerLog.NodeSilent(logger, node.Id, answer.Problem);
            return;
        }

        var policy = await policies.ReadAsync(reply.Sandboxes.Select(static s => new State.Templates.TemplateKey(s.TemplateNamespace, s.TemplateName)));
        var idle = IdleDecision.ToPause(reply.Sandboxes, leaving.On(lease, policy)).Where(actor => !_failed.ContainsKey((actor.Key, actor.Epoch)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPerNode, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(idle, parallel, async (actor, token) => await PauseAsync(node, actor, token));
    }

    private async Task PauseAsync(NodeStatus node, IdleActor actor, CancellationToken cancellationToken)
    {
        if (!actuator.Allows(Name, "pause", actor.Key.ToString()))
        {
            return;
        }

        var answer = await agents.SuspendAsync(node, actor.Key, actor.Epoch, pause: true, patient: false, PauseLimit, cancellationToken);
        var outcome = answer.Reply?.Outcome.ToString() ?? "Unreachable";
        SchedulerMetrics.Decided(Name, "pause", outcome);
        switch (answer.Reply?.Outcome)
        {
            case SuspendReply.Types.Outcome.Done:
                SchedulerLog.Paused(logger, actor.Key, node.Id, actor.Idle);
                break;
            case SuspendReply.Types.Outcome.Busy or SuspendReply.Types.Outcome.Stale:
                SchedulerLog.NotPaused(logger, actor.Key, node.Id, outcome, answer.Reply.Reason);
                break;
            default:
                _failed[(actor.Key, actor.Epoch)] = time.GetTimestamp();
                SchedulerLog.PauseFailed(logger, actor.Key, node.Id, answer.Reply?.Reason ?? answer.Problem);
                break;
        }
    }
}
