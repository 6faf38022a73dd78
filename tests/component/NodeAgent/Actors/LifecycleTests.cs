using Substrate.NodeAgent.Actors;
using Substrate.State.Activation;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Actors on real sandboxes: what they had in memory and in files is what they come back with.</summary>
public sealed class LifecycleTests
{
    [Fact]
    public async Task Actor_PausedAndResumedTenTimes_KeepsBothCounts()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("alice");
        string? started = null;
        for (var generation = 1; generation <= 10; generation++)
        {
            var activation = await node.ActivateAsync(key);
            Assert.Equal((NodeOutcome.Running, ""), (activation.Outcome, activation.Reason));
            var count = await NodeFixture.CountAsync(activation.Endpoint);
            started ??= count.StartedAt;
            Assert.Equal(("alice", "demo", generation, generation, started), (count.Actor, count.Atespace, count.Memory, count.File, count.StartedAt));
            Assert.Equal(new SuspensionResult(SuspensionOutcome.Done), await node.SuspendAsync(key));
            Assert.Equal(ActorState.Paused, (await node.Actors.GetAsync(key))!.State);
        }
    }
}
