using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Substrate.NodeAgents;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.Scheduler.Idleness;

/// <summary>Moves snapshots of actors that stay paused from their node's disk to the store.</summary>
internal sealed class UploadLoop(
    CensusReader census,
    NodeAgentClients agents,
    IdlePolicies policies,
    Leaving leaving,
    Actuator actuator,
    IOptions<SchedulerOptions> options,
    TimeProvider time,
    ILogger<UploadLoop> logger) : ILoop
{
    /// <summary>A store that did not take a snapshot is given time; the actor wakes on its node meanwhile.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(30);

    private readonly NodeErrands _errands = new();
    private readonly ConcurrentDictionary<string, long> _failed = new(StringComparer.Ordinal);

    public string Name => "idle-upload";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var (failed, at) in _failed)
        {
            if (time.GetElapsedTime(at) > AfterFailure)
            {
                _failed.TryRemove(failed, out _);
            }
        }

        var taken = await census.ReadAsync(cancellationToken);
        var policy = await policies.ReadAsync(
            taken.Nodes.SelectMany(static n => n.Members).Where(static m => m.Record?.State == ActorState.Paused).Select(static m => m.Record!.Template));
        foreach (var node in taken.Nodes)
        {
            var due = IdleDecision.ToUpload(node, taken.At, leaving.On(node.Lease, policy)).Where(record => !_failed.ContainsKey(record.Snapshot!.Id)).ToList();
            if (due.Count > 0)
            {
                await _errands.SendAsync(node.Id, () => UploadAllAsync(node.Lease.Status, due, cancellationToken));
            }
        }
    }

    public Task EndAsync() => _errands.EndAsync();

    private async Task UploadAllAsync(NodeStatus node, IReadOnlyList<ActorRecord> due, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ParallelPerNode, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(due, parallel, async (record, token) => await UploadAsync(node, record, token));
    }

    private async Task UploadAsync(NodeStatus node, ActorRecord record, CancellationToken cancellationToken)
    {
        if (!actuator.Allows(Name, "upload", record.Key.ToString()))
        {
            return;
        }

        var answer = await agents.UploadAsync(node, record.Key, record.Snapshot!.Id, cancellationToken);
        SchedulerMetrics.Decided(Name, "upload", answer.Reply is null ? "Unreachable" : answer.Reply.Stored ? "Stored" : "NotStored");
        if (answer.Reply?.Stored == true)
        {
            SchedulerLog.Uploaded(logger, record.Key, node.Id);
        }
        else
        {
            _failed[record.Snapshot.Id] = time.GetTimestamp();
            SchedulerLog.UploadFailed(logger, record.Key, node.Id, answer.Reply?.Reason ?? answer.Problem);
        }
    }
}
