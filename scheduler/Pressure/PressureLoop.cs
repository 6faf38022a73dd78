using Microsoft.Extensions.Options;
using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Leadership;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Pressure;

/// <summary>Keeps some room free in each pool, by pausing actors before their idle time is up; never one that is busy.</summary>
internal sealed class PressureLoop(
    NodeRegistry nodes, NodeAgentClients agents, Actuator actuator, IOptions<SchedulerOptions> options, ILogger<PressureLoop> logger) : ILoop
{
    private static readonly TimeSpan PauseLimit = TimeSpan.FromSeconds(30);

    public string Name => "pressure";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var open = (await nodes.ListAsync()).Where(static lease => lease.Open).Select(static lease => lease.Status);
        foreach (var pool in open.GroupBy(static node => node.Pool, StringComparer.Ordinal))
        {
            var members = pool.ToList();
            var missing = PressureDecision.Missing(members, options.Value.Headroom);
            SchedulerMetrics.Shortage(pool.Key, missing);
            if (missing.Any)
            {
                await RelieveAsync(members, missing, cancellationToken);
            }
        }
    }

    private async Task RelieveAsync(List<NodeStatus> members, Shortage missing, CancellationToken cancellationToken)
    {
        var candidates = await Task.WhenAll(members.Where(static node => node.Evictable > 0).Select(node => CandidatesAsync(node, cancellationToken)));
        var chosen = PressureDecision.Choose(candidates.SelectMany(static c => c), missing);
        await Task.WhenAll(chosen.GroupBy(static c => c.Node.Id).Select(node => PauseAsync([.. node], cancellationToken)));
    }

    private async Task<IEnumerable<Candidate>> CandidatesAsync(NodeStatus node, CancellationToken cancellationToken)
    {
        var answer = await agents.ListSandboxesAsync(node, cancellationToken);
        if (answer.Reply is not { } reply)
        {
            SchedulerMetrics.Decided(Name, "list", "Unreachable");
            SchedulerLog.NodeSilent(logger, node.Id, answer.Problem);
            return [];
        }

        return reply.Sandboxes
            .Where(s => s is { Phase: "running", Busy: false, Actor: not null } && s.IdleMs >= options.Value.PressureIdle.TotalMilliseconds)
            .Select(s => new Candidate(node, new(s.Actor.Atespace, s.Actor.Name), s.Epoch, TimeSpan.FromMilliseconds(s.IdleMs), s.MemoryBytes));
    }

    // The node judges again whether it is busy, and then keeps it running.
    private async Task PauseAsync(List<Candidate> chosen, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPerNode, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(chosen, parallel, async (candidate, token) =>
        {
            if (!actuator.Allows(Name, "pause", candidate.Key.ToString()))
            {
                return;
            }

            var answer = await agents.SuspendAsync(candidate.Node, candidate.Key, candidate.Epoch, pause: true, patient: false, PauseLimit, token);
            SchedulerMetrics.Decided(Name, "pause", answer.Reply?.Outcome.ToString() ?? "Unreachable");
            if (answer.Reply is { Outcome: SuspendReply.Types.Outcome.Done })
            {
                SchedulerLog.PausedForRoom(logger, candidate.Key, candidate.Node.Id, candidate.Idle);
            }
        });
    }
}
