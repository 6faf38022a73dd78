using System.Collections.Immutable;
using Substrate.State.Nodes;
using Substrate.State.Placement;

namespace Substrate.Scheduler.Planning;

/// <summary>Makes the plan: in which order nodes are filled, which are emptied so that they can be given back, and what they keep warm.</summary>
internal static class PlanDecision
{
    /// <summary>Fullness in steps of a quarter: within one the order stays as it was, so that it does not change with every actor.</summary>
    private const int Steps = 4;

    private static readonly ImmutableSortedDictionary<string, int> Nothing = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The nodes of each pool that live and take actors, in the order in which they are to be filled.</summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<NodeStatus>> Order(IEnumerable<NodeLease> leases, ClusterPlan previous) =>
        leases
            .Where(static lease => lease is { Open: true, Status.Slots: > 0 })
            .Select(static lease => lease.Status)
            .GroupBy(static node => node.Pool, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(static pool => pool.Key, pool => Order(pool, previous.Pools.GetValueOrDefault(pool.Key)));

    /// <summary>The next plan; its version is the store's to give.</summary>
    /// <param name="pools">The pools, as ordered by <see cref="Order(IEnumerable{NodeLease}, ClusterPlan)"/>.</param>
    /// <param name="previous">The plan until now.</param>
    /// <param name="rules">What it is made by.</param>
    /// <param name="settled">True for a pool that has had more nodes than it needs for long enough.</param>
    public static ClusterPlan Make(
        ImmutableSortedDictionary<string, ImmutableArray<NodeStatus>> pools, ClusterPlan previous, PlanRules rules, Func<string, bool> settled)
    {
        var plans = pools.ToImmutableSortedDictionary(
            static pool => pool.Key,
            pool => Plan(pool.Value, previous.Pools.GetValueOrDefault(pool.Key), rules, settled(pool.Key)));
        var emptying = plans.Values.SelectMany(static plan => plan.Emptying).ToHashSet(StringComparer.Ordinal);
        var warm = pools.Values
            .SelectMany(static nodes => nodes)
            .Select(node => (node.Id, Warm: emptying.Contains(node.Id) ? Nothing : WarmDecision.Of(node, rules)))
            .Where(static w => w.Warm is not null)
            .ToImmutableSortedDictionary(static w => w.Id, static w => w.Warm!);
        return new ClusterPlan { Pools = plans, Warm = warm };
    }

    private static PoolPlan Plan(ImmutableArray<NodeStatus> ordered, PoolPlan? previous, PlanRules rules, bool settled)
    {
        if (rules.Spread)
        {
            return new PoolPlan { Spread = true };
        }

        // Few at a time: their actors have to find room on the others, and load may come back.
        var most = Math.Max(1, ordered.Length / 10);
        var excess = ordered.Length - PoolNeed.Of(ordered, rules.Headroom).Wanted;
        var before = previous?.Emptying ?? [];
        var emptying = ordered
            .Skip(ordered.Length - Math.Max(0, excess))
            .Where(node => settled || before.Contains(node.Id))
            .OrderByDescending(node => before.Contains(node.Id))
            .ThenBy(static node => node.Active)
            .Take(most)
            .Select(static node => node.Id)
            .Order(StringComparer.Ordinal);
        return new PoolPlan { FillOrder = [.. ordered.Select(static node => node.Id)], Emptying = [.. emptying] };
    }

    private static ImmutableArray<NodeStatus> Order(IEnumerable<NodeStatus> nodes, PoolPlan? previous)
    {
        var places = (previous?.FillOrder ?? []).Select(static (id, place) => (id, place)).ToDictionary(static p => p.id, static p => p.place, StringComparer.Ordinal);
        var emptying = previous?.Emptying ?? [];
        return [.. nodes
            .OrderBy(node => emptying.Contains(node.Id))
            .ThenByDescending(static node => Fullness(node))
            .ThenBy(node => places.GetValueOrDefault(node.Id, int.MaxValue))
            .ThenBy(static node => node.Id, StringComparer.Ordinal)];
    }

    private static int Fullness(NodeStatus node) => (int)(Steps * Math.Max(
        (double)node.Active / node.Slots,
        Math.Max(
            node.MemoryBytes == 0 ? 0 : (double)node.MemoryTaken / node.MemoryBytes,
            node.CpuMillis == 0 ? 0 : (double)node.CpuTaken / node.CpuMillis)));
}
