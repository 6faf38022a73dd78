using Grpc.Core;
using Substrate.NodeAgent.ComponentTests.Actors;
using Substrate.NodeAgent.V1;
using Substrate.State.Actors;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Killed;

/// <summary>The agent may end at any instruction: its actors live on, and the next run takes over what it can prove.</summary>
public sealed class KilledAgentTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Kill_WithARunningActor_ItGoesOnServingAndTheNextRunTakesItOver()
    {
        await using var agent = await AgentProcess.StartAsync();
        await agent.ApplyCounterAsync();
        var key = await agent.CreateAsync("nina");
        var endpoint = (await agent.ActivateAsync(key)).Endpoint;
        var first = await NodeFixture.CountAsync(endpoint);
        var before = await agent.Actors.GetAsync(key);

        await agent.KillAsync();
        Assert.Equal(2, (await NodeFixture.CountAsync(endpoint)).Memory);
        await agent.StartAgainAsync();

        var third = await NodeFixture.CountAsync(endpoint);
        Assert.Equal((3, first.StartedAt), (third.Memory, third.StartedAt));
        Assert.Equal(before, await agent.Actors.GetAsync(key));
        Assert.Equal(1, await agent.MetricAsync("substrate_node_adopted_total"));

        // It is an actor like any other: it is suspended, and wakes in another sandbox beside its old berth.
        Assert.Equal(SuspendReply.Types.Outcome.Done, (await agent.SuspendAsync(key)).Outcome);
        Assert.Equal(4, (await NodeFixture.CountAsync((await agent.ActivateAsync(key)).Endpoint)).Memory);
    }

    [Fact]
    public async Task Kill_AtEachStepOfASuspension_LosesNothing()
    {
        await using var agent = await AgentProcess.StartAsync();
        await agent.ApplyCounterAsync();
        var key = await agent.CreateAsync("olga");
        var count = 0;
        foreach (var (point, state) in new[]
        {
            ("Begun", ActorState.Running), ("Quiet", ActorState.Running), ("Checkpointed", ActorState.Paused), ("Kept", ActorState.Paused), ("Committed", ActorState.Paused),
        })
        {
            if ((await agent.Actors.GetAsync(key))!.State != ActorState.Running)
            {
                await agent.ActivateAsync(key);
            }

            Assert.Equal(++count, (await NodeFixture.CountAsync((await agent.Actors.GetAsync(key))!.Endpoint)).Memory);
            agent.EndAt(point);
            await Assert.ThrowsAsync<RpcException>(() => agent.SuspendAsync(key));
            await agent.EndedAsync();
            await agent.StartAgainAsync();
            Assert.Equal((point, state), (point, (await agent.Actors.GetAsync(key))!.State));
        }

        Assert.Equal(count + 1, (await NodeFixture.CountAsync((await agent.ActivateAsync(key)).Endpoint)).Memory);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(agent.Data, "checkpoints")));
    }

    [Fact]
    public async Task Kill_AndNobodyStartsItAgain_ItsActorsAreFrozenBeforeTheLeaseRunsOut()
    {
        await using var agent = await AgentProcess.StartAsync();
        await agent.ApplyCounterAsync();
        var key = await agent.CreateAsync("peter");
        var endpoint = (await agent.ActivateAsync(key)).Endpoint;
        await NodeFixture.CountAsync(endpoint);

        await agent.KillAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Frozen(agent.Id)), Soon, "the watchdog has frozen the actors");

        // The next run finds that the epoch still stands, and lets it go on.
        await agent.StartAgainAsync();
        Assert.Equal(2, (await NodeFixture.CountAsync(endpoint)).Memory);
    }

    private static bool Frozen(string node) =>
        new[] { ($"/sys/fs/cgroup/freezer/substrate/{node}/freezer.state", "FROZEN"), ($"/sys/fs/cgroup/substrate/{node}/cgroup.freeze", "1") }
            .Any(static f => File.Exists(f.Item1) && File.ReadAllText(f.Item1).Trim() == f.Item2);
}
