using System.Collections.Frozen;
using Substrate.State.Nodes;
using Substrate.State.Placement;

namespace Substrate.State.View;

/// <summary>A plan turned round: by node, so that placing looks nothing up.</summary>
internal sealed class PlanRanks
{
    public static readonly PlanRanks None = new(ClusterPlan.None);

    private readonly FrozenDictionary<string, NodeRank> _ranks;
    private readonly FrozenSet<string> _spread;

    public PlanRanks(ClusterPlan plan)
    {
        Plan = plan;
        var ranks = new Dictionary<string, NodeRank>(StringComparer.Ordinal);
        foreach (var pool in plan.Pools.Values)
        {
            for (var i = 0; i < pool.FillOrder.Length; i++)
            {
                ranks[pool.FillOrder[i]] = new NodeRank(i + 1, pool.Spread, false);
            }

            foreach (var id in pool.Emptying)
            {
                ranks[id] = ranks.GetValueOrDefault(id) with { Emptying = true, Spread = pool.Spread };
            }
        }

        _ranks = ranks.ToFrozenDictionary(StringComparer.Ordinal);
        _spread = plan.Pools.Where(static p => p.Value.Spread).Select(static p => p.Key).ToFrozenSet(StringComparer.Ordinal);
    }

    public ClusterPlan Plan { get; }

    public NodeRank Of(NodeStatus status) =>
        _ranks.TryGetValue(status.Id, out var rank) ? rank : new NodeRank(0, _spread.Contains(status.Pool), false);
}
