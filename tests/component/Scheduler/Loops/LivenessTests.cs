using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Loops;

public sealed class LivenessTests
{
    [Fact]
    public async Task NodeDies_ItsActorsAreLostAndItsRecordGoes()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var other = await cluster.AddNodeAsync("n2");
        var (running, resuming, elsewhere) = (await cluster.CreateAsync("running"), await cluster.CreateAsync("resuming"), await cluster.CreateAsync("elsewhere"));
        await node.RunAsync(running);
        await cluster.Actors.ClaimAsync(resuming, "t", "n1", TimeSpan.FromMinutes(5));
        await other.RunAsync(elsewhere);

        await node.DieAsync();
        await cluster.BecomesAsync(running, ActorState.Suspended);
        await cluster.BecomesAsync(resuming, ActorState.Suspended);

        Assert.Equal("node n1 is gone", (await cluster.Actors.GetAsync(running))!.Reason);
        await Eventually.TrueAsync(async () => await cluster.Nodes.GetAsync("n1") is null, Cluster.Soon, "the record of the dead node is gone");
        Assert.Empty(await cluster.Nodes.ActorsAsync("n1"));
        Assert.Equal(ActorState.Running, await cluster.StateAsync(elsewhere));
        Assert.NotNull(await cluster.Nodes.GetAsync("n2"));
    }

    [Fact]
    public async Task NodeDies_PausedActorKeepsItsOnlyCopyAndTheNodeItsRecord()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var (paused, running) = (await cluster.CreateAsync("paused"), await cluster.CreateAsync("running"));
        await node.RunAsync(paused);
        await cluster.Control.PauseActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "paused" } });
        await node.RunAsync(running);

        await node.DieAsync();
        await cluster.BecomesAsync(running, ActorState.Suspended);
        await Eventually.TrueAsync(async () => (await cluster.Nodes.ActorsAsync("n1")).Count == 1, Cluster.Soon, "only the paused actor is left");

        Assert.Equal(ActorState.Paused, await cluster.StateAsync(paused));
        Assert.NotNull(await cluster.Nodes.GetAsync("n1"));
    }

    [Fact]
    public async Task LiveNode_ActorsElsewhereOrAtRest_LeaveItsSet()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var (running, suspended, deleted) = (await cluster.CreateAsync("running"), await cluster.CreateAsync("suspended"), new ActorKey("demo", "never-there"));
        await node.RunAsync(running);
        await node.RunAsync(suspended);
        await cluster.Nodes.RememberActorAsync("n1", deleted);
        await cluster.Control.SuspendActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "suspended" } });

        await Eventually.TrueAsync(async () => (await cluster.Nodes.ActorsAsync("n1")).SequenceEqual([running]), Cluster.Soon, "only the running actor is left");
    }

    [Fact]
    public async Task ActivationOverdue_IsUndone()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;
        var (overdue, timely) = (await cluster.CreateAsync("overdue"), await cluster.CreateAsync("timely"));
        await cluster.Actors.ClaimAsync(timely, "t", "n1", TimeSpan.FromMinutes(5));
        await cluster.Actors.ClaimAsync(overdue, "t", "n1", TimeSpan.Zero);

        await cluster.BecomesAsync(overdue, ActorState.Suspended);
        Assert.Equal("the activation did not finish in time", (await cluster.Actors.GetAsync(overdue))!.Reason);
        Assert.Equal(ActorState.Resuming, await cluster.StateAsync(timely));
    }
}
