using Microsoft.Extensions.Options;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Liveness;

/// <summary>Gives up actors of nodes whose lease ran out, and keeps the sets of all nodes true.</summary>
internal sealed class LivenessLoop(
    CensusReader census, ActorStore actors, NodeRegistry nodes, LeaderToken leader, Actuator actuator, IOptions<SchedulerOptions> options, TimeProvider time,
    ILogger<LivenessLoop> logger) : ILoop
{
    /// <summary>A pause between rounds that is longer than this is time in which nobody watched, for instance because the store was away.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    // Dead nodes that were reported already, and how many stranded actors each had then.
    private readonly Dictionary<string, int> _reported = new(StringComparer.Ordinal);

    private long _since;
    private long _last;

    public string Name => "liveness";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var taken = await census.ReadAsync(cancellationToken);
        var settled = Watch();
        var stranded = 0;
        foreach (var node in taken.Nodes)
        {
            var fates = node.Members.Select(member => (member.Key, Fate: LivenessDecision.Decide(node, member), member.Record)).ToList();
            var strandedHere = fates.Count(static f => f.Fate == MemberFate.Strand);
            stranded += strandedHere;
            Report(node, strandedHere);

            // A node that comes back in the same moment must not go on with actors that are declared lost here: it is told first.
            var loses = settled && fates.Exists(static f => f.Fate == MemberFate.Lose)
                && actuator.Allows(Name, "condemn", node.Id) && await nodes.CondemnAsync(node.Id, leader.Current);
            foreach (var (key, fate, record) in fates)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if ((fate == MemberFate.Lose && !loses) || fate is MemberFate.Keep or MemberFate.Strand || !actuator.Allows(Name, fate.ToString(), key.ToString()))
                {
                    continue;
                }

                await ActAsync(node.Id, key, fate, record);
            }

            if (!node.Lease.Live && strandedHere == 0 && settled && actuator.Allows(Name, "remove", node.Id))
            {
                await RemoveAsync(node.Id);
            }
        }

        SchedulerMetrics.Stranded(stranded);
        foreach (var id in _reported.Keys.Except(taken.Nodes.Where(static n => !n.Lease.Live).Select(static n => n.Id)).ToList())
        {
            _reported.Remove(id);
        }
    }

    public Task EndAsync()
    {
        _reported.Clear();
        (_since, _last) = (0, 0);
        SchedulerMetrics.Stranded(0);
        return Task.CompletedTask;
    }

    // After a start or an outage of the store every lease may have run out although its node lives: nodes get the time to renew first.
    private bool Watch()
    {
        var now = time.GetTimestamp();
        if (_last == 0 || time.GetElapsedTime(_last, now) > Gap)
        {
            _since = now;
        }

        _last = now;
        return time.GetElapsedTime(_since, now) >= options.Value.LossGrace;
    }

    private void Report(NodeCensus node, int stranded)
    {
        if (node.Lease.Live)
        {
            return;
        }

        var first = !_reported.TryGetValue(node.Id, out var before);
        _reported[node.Id] = stranded;
        if (first)
        {
            SchedulerLog.NodeGone(logger, node.Id, node.Members.Length);
        }

        if (stranded > 0 && stranded != before)
        {
            SchedulerLog.Stranded(logger, stranded, node.Id);
        }
    }

    private async Task ActAsync(string node, ActorKey key, MemberFate fate, ActorRecord? record)
    {
        if (fate == MemberFate.Lose)
        {
            // Fenced by epoch and node: an actor that has moved on since the census is not touched.
            var lost = await actors.LostAsync(key, record!.Epoch, node, $"node {node} is gone");
            SchedulerMetrics.Decided(Name, "lose", lost.Outcome.ToString());
            if (lost.Done)
            {
                SchedulerLog.ActorLost(logger, key, node);
            }
        }
        else if (fate == MemberFate.Forget)
        {
            await ForgetAsync(node, key);
        }
    }

    // A claim may have put it on the set just before it is taken off, so the record is looked at once more.
    private async Task ForgetAsync(string node, ActorKey key)
    {
        await nodes.ForgetActorAsync(node, key);
        if (await actors.GetAsync(key) is { } record && (record.Node == node || record.Snapshot?.Node == node && record.OnOneNodeOnly))
        {
            await nodes.RememberActorAsync(node, key);
        }

        SchedulerMetrics.Decided(Name, "forget", "Ok");
    }

    private async Task RemoveAsync(string node)
    {
        // Once more from the store: it may have come back, or been claimed for, since the census.
        if (await nodes.GetAsync(node) is not { Live: false } || (await nodes.ActorsAsync(node)).Count > 0)
        {
            return;
        }

        if (!await nodes.RemoveAsync(node, leader.Current))
        {
            return;
        }

        await nodes.AnnounceAsync(node);
        SchedulerMetrics.Decided(Name, "remove", "Ok");
        SchedulerLog.NodeRemoved(logger, node);
    }
}
