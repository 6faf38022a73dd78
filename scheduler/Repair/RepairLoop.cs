using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Repair;

/// <summary>Ends transitions that are overdue, so that no actor stays stuck when no request asks for it.</summary>
internal sealed class RepairLoop(CensusReader census, ActorStore actors, NodeAgentClients agents, Actuator actuator, ILogger<RepairLoop> logger) : ILoop
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(30);

    private readonly Idleness.NodeErrands _errands = new();

    public string Name => "repair";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var taken = await census.ReadAsync(cancellationToken);
        foreach (var record in OverdueDecision.Overdue(taken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!actuator.Allows(Name, "fail-overdue", record.Key.ToString()))
            {
                continue;
            }

            // The store judges the deadline again, in one step with the change.
            var failed = await actors.FailOverdueAsync(record.Key, record.Epoch);
            SchedulerMetrics.Decided(Name, "fail-overdue", failed.Outcome.ToString());
            if (failed.Done)
            {
                SchedulerLog.Overdue(logger, record.Key, record.Node);
            }
        }

        foreach (var node in OverdueDecision.Suspensions(taken).GroupBy(static found => found.Node.Id))
        {
            var (status, records) = (node.First().Node.Lease.Status, node.Select(static found => found.Record).ToList());
            await _errands.SendAsync(node.Key, () => AskAsync(status, records, cancellationToken));
        }
    }

    public Task EndAsync() => _errands.EndAsync();

    // A node that is still at it joins the call to what is under way; one that knows nothing of the actor in that epoch has lost it.
    private async Task AskAsync(NodeStatus node, List<ActorRecord> records, CancellationToken cancellationToken)
    {
        foreach (var record in records.Where(record => actuator.Allows(Name, "ask-suspension", record.Key.ToString())))
        {
            var answer = await agents.SuspendAsync(
                node, record.Key, record.Epoch, record.State == ActorState.Pausing, patient: false, AskLimit, cancellationToken);
            SchedulerMetrics.Decided(Name, "ask-suspension", answer.Reply?.Outcome.ToString() ?? "Unreachable");
            if (answer.Reply?.Outcome != SuspendReply.Types.Outcome.Stale)
            {
                continue;
            }

            // Fenced by epoch and node: nothing happens to an actor that has come to rest meanwhile.
            var lost = await actors.LostAsync(record.Key, record.Epoch, node.Id, $"node {node.Id} did not finish suspending it");
            SchedulerMetrics.Decided(Name, "lose", lost.Outcome.ToString());
            if (lost.Done)
            {
                SchedulerLog.SuspensionLost(logger, record.Key, node.Id);
            }
        }
    }
}
