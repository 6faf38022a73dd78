using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Loops;

public sealed class IdlenessTests
{
    private static readonly IdlePolicy PauseOnly = new() { PauseAfter = TimeSpan.FromSeconds(5), SuspendAfter = TimeSpan.Zero };
    private static readonly IdlePolicy Both = new() { PauseAfter = TimeSpan.FromSeconds(5), SuspendAfter = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task IdleActor_IsPausedAndBusyOneIsNot()
    {
        var (cluster, node) = await Cluster.OneNodeAsync(PauseOnly);
        await using var _ = cluster;
        var (idle, busy, recent) = (await cluster.CreateAsync("idle"), await cluster.CreateAsync("busy"), await cluster.CreateAsync("recent"));
        foreach (var key in new[] { idle, busy, recent })
        {
            await node.RunAsync(key);
        }

        node.Sandboxes[busy].Busy = true;
        node.Sandboxes[recent].IdleMs = 4_999;
        node.Sandboxes[idle].IdleMs = 5_000;

        await cluster.BecomesAsync(idle, ActorState.Paused);
        Assert.Equal(ActorState.Running, await cluster.StateAsync(busy));
        Assert.Equal(ActorState.Running, await cluster.StateAsync(recent));
        Assert.Equal("suspend pause=True patient=False", Assert.Single(node.Calls));
    }

    [Fact]
    public async Task PausedActor_PastSuspendAfter_MovesToTheStore()
    {
        var (cluster, node) = await Cluster.OneNodeAsync(Both);
        await using var _ = cluster;
        var key = await cluster.CreateAsync("a");
        await node.RunAsync(key);
        node.Sandboxes[key].IdleMs = 60_000;

        await cluster.BecomesAsync(key, ActorState.Suspended);
        Assert.True((await cluster.Actors.GetAsync(key))!.Snapshot!.Stored);
        Assert.Equal(["suspend pause=True patient=False", "upload"], node.Calls);
        await Eventually.TrueAsync(async () => (await cluster.Nodes.ActorsAsync("n1")).Count == 0, Cluster.Soon, "the node's set is empty");
    }

    [Fact]
    public async Task CheckpointFails_IsNotTriedAgainAtOnceAndOthersArePaused()
    {
        var (cluster, node) = await Cluster.OneNodeAsync(PauseOnly);
        await using var _ = cluster;
        var (bad, good) = (await cluster.CreateAsync("bad"), await cluster.CreateAsync("good"));
        node.OnSuspend = static (request, _) => Task.FromResult(request.Actor.Name == "bad" ? new NodeAgent.V1.SuspendReply { Outcome = NodeAgent.V1.SuspendReply.Types.Outcome.Failed, Reason = "no" } : null);
        await node.RunAsync(bad);
        node.Sandboxes[bad].IdleMs = 60_000;
        await Eventually.TrueAsync(() => !node.Calls.IsEmpty, Cluster.Soon, "the bad one was tried");
        await node.RunAsync(good);
        node.Sandboxes[good].IdleMs = 50_000;

        await cluster.BecomesAsync(good, ActorState.Paused);
        Assert.Equal(2, node.Calls.Count);
        Assert.Equal(ActorState.Running, await cluster.StateAsync(bad));
    }

    [Fact]
    public async Task SlowNode_HoldsUpNoOther()
    {
        var (cluster, slow) = await Cluster.OneNodeAsync(PauseOnly);
        await using var _ = cluster;
        var quick = await cluster.AddNodeAsync("n2");
        var (stuck, free) = (await cluster.CreateAsync("stuck"), await cluster.CreateAsync("free"));
        slow.OnSuspend = static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        };
        await slow.RunAsync(stuck);
        slow.Sandboxes[stuck].IdleMs = 60_000;
        await Eventually.TrueAsync(() => !slow.Calls.IsEmpty, Cluster.Soon, "the slow node is being asked");
        await quick.RunAsync(free);
        quick.Sandboxes[free].IdleMs = 60_000;

        await cluster.BecomesAsync(free, ActorState.Paused);
        Assert.Equal(ActorState.Running, await cluster.StateAsync(stuck));
    }
}
