using Grpc.Core;
using Prometheus;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;
using static Substrate.NodeAgent.V1.SuspendReply.Types;

namespace Substrate.Scheduler.ComponentTests.Loops;

/// <summary>The plan, what it empties, and room made before it is needed.</summary>
public sealed class PackingTests
{
    [Fact]
    public async Task HalfEmptyPool_PlanEmptiesANodeAndItsIdleActorsLeaveForTheStore()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var (full, nearlyEmpty) = (await cluster.AddNodeAsync("full"), await cluster.AddNodeAsync("idle"));
        await full.UpdateAsync(static s => s with { Active = 2 });
        await nearlyEmpty.UpdateAsync(static s => s with { Active = 1, Evictable = 1 });
        var (idle, busy) = (await cluster.CreateAsync("idle"), await cluster.CreateAsync("busy"));
        await nearlyEmpty.RunAsync(idle);
        await nearlyEmpty.RunAsync(busy);
        nearlyEmpty.Sandboxes[idle].IdleMs = 5000;
        nearlyEmpty.Sandboxes[busy].Busy = true;

        await cluster.AddSchedulerAsync(("Scheduler:ConsolidateAfter", "00:00:00"), ("Scheduler:Headroom", "0.1"));
        await cluster.BecomesAsync(idle, ActorState.Suspended);

        var plan = await new PlanStore(cluster.Redis).GetAsync();
        Assert.Equal(["full", "idle"], plan.Pools["pool-a"].FillOrder);
        Assert.Equal(["idle"], plan.Pools["pool-a"].Emptying);
        Assert.Equal(ActorState.Running, await cluster.StateAsync(busy));
        Assert.Contains("upload", nearlyEmpty.Calls);
    }

    [Fact]
    public async Task PoolNearlyFull_PausesTheIdlestAndNobodyBusy()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var node = await cluster.AddNodeAsync("n1");
        ActorKey[] keys = [await cluster.CreateAsync("busy"), await cluster.CreateAsync("recent"), await cluster.CreateAsync("old"), await cluster.CreateAsync("fresh")];
        foreach (var key in keys)
        {
            await node.RunAsync(key);
        }

        node.Sandboxes[keys[0]].Busy = true;
        node.Sandboxes[keys[1]].IdleMs = 3000;
        node.Sandboxes[keys[2]].IdleMs = 9000;
        node.OnSuspend = async (_, _) =>
        {
            await node.UpdateAsync(static s => s with { Active = s.Active - 1 });
            return null;
        };
        await node.UpdateAsync(static s => s with { Active = 4, Evictable = 3 });

        await cluster.AddSchedulerAsync(("Scheduler:Headroom", "0.25"));
        await cluster.BecomesAsync(keys[2], ActorState.Paused);

        await Eventually.TrueAsync(async () => (await cluster.Nodes.GetAsync("n1"))!.Status.Active == 3, Cluster.Soon, "one slot is free");
        Assert.Equal([ActorState.Running, ActorState.Running, ActorState.Paused, ActorState.Running], await Task.WhenAll(keys.Select(async k => (await cluster.Actors.GetAsync(k))!.State)));
    }

    [Fact]
    public async Task OverdueSuspension_NodeKnowsNothingOfIt_GoesBackToTheNewestSnapshot()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var key = await cluster.CreateAsync("stuck");
        var running = await node.RunAsync(key);
        node.OnSuspend = static (_, _) => Task.FromResult<NodeAgent.V1.SuspendReply?>(new() { Outcome = Outcome.Stale });

        await cluster.Actors.BeginPauseAsync(key, running.Epoch, TimeSpan.FromMilliseconds(10));

        await cluster.BecomesAsync(key, ActorState.Suspended);
        Assert.Equal("node n1 did not finish suspending it", (await cluster.Actors.GetAsync(key))!.Reason);
    }

    [Fact]
    public async Task DryRun_ANodeIsDeadAndAnActorOverdue_ChangesNothing()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var node = await cluster.AddNodeAsync("n1");
        var (lost, overdue) = (await cluster.CreateAsync("lost"), await cluster.CreateAsync("overdue"));
        await node.RunAsync(lost);
        await cluster.Actors.ClaimAsync(overdue, "token", "n1", TimeSpan.FromMilliseconds(1));
        await node.DieAsync();
        var before = (await cluster.Actors.GetAsync(lost), await cluster.Actors.GetAsync(overdue));

        await cluster.AddSchedulerAsync(("Scheduler:DryRun", "true"));
        await Eventually.TrueAsync(
            async () => await DecidedAsync("liveness", "condemn") && await DecidedAsync("repair", "fail-overdue"), Cluster.Soon, "it has decided");

        // A leader beside it does the same for real.
        Assert.Equal(before, (await cluster.Actors.GetAsync(lost), await cluster.Actors.GetAsync(overdue)));
        await cluster.AddSchedulerAsync();
        await cluster.BecomesAsync(lost, ActorState.Suspended);
        await cluster.BecomesAsync(overdue, ActorState.Suspended);
    }

    [Fact]
    public async Task CordonUncordonDrain_SayWhatIsWantedOfTheNode()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;

        await cluster.Admin.CordonNodeAsync(new() { Node = "n1" });
        Assert.Equal(NodeWish.Cordon, (await cluster.Nodes.GetAsync("n1"))!.Wish);
        await cluster.Admin.UncordonNodeAsync(new() { Node = "n1" });
        Assert.Equal(NodeWish.None, (await cluster.Nodes.GetAsync("n1"))!.Wish);
        await cluster.Admin.DrainNodeAsync(new() { Node = "n1" });
        Assert.Equal(NodeWish.Drain, (await cluster.Nodes.GetAsync("n1"))!.Wish);

        var unknown = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Admin.DrainNodeAsync(new() { Node = "n9" }));
        Assert.Equal((StatusCode.NotFound, "Node n9 not found"), (unknown.StatusCode, unknown.Status.Detail));
        var empty = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Admin.CordonNodeAsync(new()));
        Assert.Equal((StatusCode.InvalidArgument, "node is required"), (empty.StatusCode, empty.Status.Detail));
        var bad = await Assert.ThrowsAsync<RpcException>(async () => await cluster.Admin.CordonNodeAsync(new() { Node = "../n1" }));
        Assert.Equal(StatusCode.InvalidArgument, bad.StatusCode);
    }

    // No other test makes a dry run, so that the process's metrics tell.
    private static async Task<bool> DecidedAsync(string loop, string kind)
    {
        using var text = new MemoryStream();
        await Metrics.DefaultRegistry.CollectAndExportAsTextAsync(text, Cluster.Token);
        return System.Text.Encoding.UTF8.GetString(text.ToArray())
            .Contains($"substrate_scheduler_decisions_total{{loop=\"{loop}\",kind=\"{kind}\",outcome=\"DryRun\"}} ", StringComparison.Ordinal);
    }
}
