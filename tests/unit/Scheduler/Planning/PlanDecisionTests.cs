using System.Collections.Immutable;
using CsCheck;
using Substrate.Scheduler.Planning;
using Substrate.Scheduler.UnitTests.Census;
using Substrate.State.Nodes;
using Substrate.State.Placement;

namespace Substrate.Scheduler.UnitTests.Planning;

public sealed class PlanDecisionTests
{
    private static readonly PlanRules Rules = new(Spread: false, Headroom: 0.1, WarmPerNode: 8, Refill: TimeSpan.FromSeconds(1));

    private static readonly Gen<NodeLease[]> Pools = Gen.Select(Gen.Int[0, 16], Gen.Int[0, 16], Gen.Bool, Gen.Bool)
        .Array[0, 30]
        .Select(static nodes => nodes.Select(static (n, i) => Given.Lease($"n{i:00}", live: n.Item3 || i % 3 > 0, slots: n.Item1, active: Math.Min(n.Item1, n.Item2), draining: n.Item4 && i % 4 == 0)).ToArray());

    [Fact]
    public void Make_AnyPool_OrdersExactlyTheOpenNodesAndKeepsRoomForWhatIsTaken() => Pools.Sample(static leases =>
    {
        var plan = Make(leases, ClusterPlan.None, settled: true);
        var open = leases.Where(static l => l.Open && l.Status.Slots > 0).Select(static l => l.Status).ToDictionary(static n => n.Id);
        var pool = plan.Pools.GetValueOrDefault("default") ?? new PoolPlan();
        var staying = open.Values.Where(n => !pool.Emptying.Contains(n.Id)).ToList();
        return pool.FillOrder.Order(StringComparer.Ordinal).SequenceEqual(open.Keys.Order(StringComparer.Ordinal))
            && pool.Emptying.All(open.ContainsKey)
            && pool.Emptying.Length <= Math.Max(1, open.Count / 10)
            && (pool.Emptying.IsEmpty || staying.Sum(static n => n.Slots) > open.Values.Sum(static n => n.Active));
    });

    [Fact]
    public void Make_Repeated_SettlesAtOnce() => Pools.Sample(static leases =>
    {
        var first = Make(leases, ClusterPlan.None, settled: false);
        var second = Make(leases, first, settled: false);
        return first.Pools.All(pool => second.Pools[pool.Key].FillOrder.SequenceEqual(pool.Value.FillOrder));
    });

    [Fact]
    public void Make_HalfEmptyPoolForLong_EmptiesTheEmptiest()
    {
        NodeLease[] leases = [Given.Lease("a", slots: 8, active: 1), Given.Lease("b", slots: 8, active: 6), Given.Lease("c", slots: 8, active: 0)];

        Assert.Empty(Make(leases, ClusterPlan.None, settled: false).Pools["default"].Emptying);
        var plan = Make(leases, ClusterPlan.None, settled: true);
        Assert.Equal(["c"], plan.Pools["default"].Emptying);
        Assert.Equal("b", plan.Pools["default"].FillOrder[0]);
        Assert.Empty(plan.Warm["c"]);
    }

    [Fact]
    public void Make_LoadComesBack_KeepsTheNodeThatWasBeingEmptied()
    {
        NodeLease[] calm = [Given.Lease("a", slots: 8, active: 2), Given.Lease("b", slots: 8, active: 0)];
        var emptying = Make(calm, ClusterPlan.None, settled: true);
        Assert.Equal(["b"], emptying.Pools["default"].Emptying);

        NodeLease[] busy = [Given.Lease("a", slots: 8, active: 8), Given.Lease("b", slots: 8, active: 0)];
        Assert.Empty(Make(busy, emptying, settled: false).Pools["default"].Emptying);
    }

    [Fact]
    public void Make_Spread_OrdersAndEmptiesNothing()
    {
        var plan = PlanDecision.Make(PlanDecision.Order([Given.Lease("a"), Given.Lease("b")], ClusterPlan.None), ClusterPlan.None, Rules with { Spread = true }, static _ => true);

        Assert.True(plan.Pools["default"].Spread);
        Assert.Empty(plan.Pools["default"].FillOrder);
        Assert.Empty(plan.Pools["default"].Emptying);
    }

    [Fact]
    public void Warm_OfRecentActivations_CoversWhatIsUsedWhileOneIsReplaced()
    {
        var node = Given.Lease("a").Status with { Activations = Count(("busy", 180), ("calm", 2)) };

        var warm = WarmDecision.Of(node, Rules)!;
        Assert.Equal(4, warm["busy"]);
        Assert.Equal(2, warm["calm"]);
        Assert.Equal(8, WarmDecision.Of(node with { Activations = Count(("busy", 6000), ("calm", 2)) }, Rules)!["busy"]);
        Assert.Null(WarmDecision.Of(Given.Lease("b").Status, Rules));
    }

    [Fact]
    public void Need_OfAFullPool_AsksForMoreThanThereAre()
    {
        var need = PoolNeed.Of([Given.Lease("a", slots: 8, active: 8).Status, Given.Lease("b", slots: 8, active: 12).Status], 0.25);

        Assert.Equal(new PoolNeed(2, 4, 16, 20), need);
    }

    [Fact]
    public void Need_ByMemory_CountsWhatIsUsedAndNotSlotsAlone()
    {
        var status = Given.Lease("a", slots: 100, active: 2).Status with { MemoryBytes = 1000, MemoryTaken = 950 };

        Assert.Equal(2, PoolNeed.Of([status], 0.1).Wanted);
        Assert.Equal(1, PoolNeed.Of([status with { MemoryTaken = 500 }], 0.1).Wanted);
    }

    private static ClusterPlan Make(NodeLease[] leases, ClusterPlan previous, bool settled) =>
        PlanDecision.Make(PlanDecision.Order(leases, previous), previous, Rules, _ => settled);

    private static ImmutableSortedDictionary<string, int> Count(params (string Uid, int Count)[] counts) =>
        counts.ToImmutableSortedDictionary(static c => c.Uid, static c => c.Count);
}
