using System.Net.Sockets;
using Substrate.NodeAgent.Actors;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>A full node makes room for whoever comes, at the cost of whoever is idle, and never of whoever is busy.</summary>
public sealed class RoomTests
{
    [Fact]
    public async Task FullNode_WithAnIdleActor_PausesTheOneQuietForLongest()
    {
        await using var node = await NodeFixture.StartAsync(slots: 2);
        await node.ApplyCounterAsync();
        var (old, recent, next) = (await node.CreateAsync("old"), await node.CreateAsync("recent"), await node.CreateAsync("next"));
        await NodeFixture.CountAsync((await node.ActivateAsync(old)).Endpoint);
        var first = node.Get<LiveActors>().Find(old)!;
        await Eventually.TrueAsync(
            () => first.Activity.Packets == first.Sandbox!.Berth.Network.Packets && !first.Activity.Busy,
            TimeSpan.FromSeconds(10),
            "the node has seen the last packet for the first actor");
        var other = await node.ActivateAsync(recent);
        await NodeFixture.CountAsync(other.Endpoint);

        var activation = await node.ActivateAsync(next);

        Assert.Equal(NodeOutcome.Running, activation.Outcome);
        Assert.Equal(ActorState.Paused, (await node.Actors.GetAsync(old))!.State);
        Assert.Equal(ActorState.Running, (await node.Actors.GetAsync(recent))!.State);
    }

    [Fact]
    public async Task NodeWithoutMemoryForAnother_PausesAnIdleActor()
    {
        await using var node = await NodeFixture.StartAsync(slots: 5, configure: static s => s["Node:MemoryBytes"] = $"{400L << 20}");
        await node.ApplyCounterAsync(resources: new ResourceLimits { RequestedMemoryBytes = 300L << 20 });
        var (old, next) = (await node.CreateAsync("old"), await node.CreateAsync("next"));
        await node.ActivateAsync(old);

        var activation = await node.ActivateAsync(next);

        Assert.Equal((NodeOutcome.Running, ""), (activation.Outcome, activation.Reason));
        Assert.Equal(ActorState.Paused, (await node.Actors.GetAsync(old))!.State);
    }

    [Fact]
    public async Task TemplateThatRequestsMoreThanTheNodeHas_IsRefusedAtOnceWithBothNumbers()
    {
        await using var node = await NodeFixture.StartAsync(configure: static s => s["Node:MemoryBytes"] = $"{200L << 20}");
        await node.ApplyCounterAsync(resources: new ResourceLimits { RequestedMemoryBytes = 300L << 20 });

        var activation = await node.ActivateAsync(await node.CreateAsync("big"), TimeSpan.FromMinutes(10));

        Assert.Equal(NodeOutcome.Refused, activation.Outcome);
        Assert.EndsWith("has 200 MiB of memory for all its actors, and the template requests 300 MiB", activation.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FullNode_WithBusyActorsOnly_RefusesAfterTheWaitAndLeavesTheClaim()
    {
        await using var node = await NodeFixture.StartAsync(slots: 1);
        await node.ApplyCounterAsync();
        var (busy, next) = (await node.CreateAsync("busy"), await node.CreateAsync("next"));
        var running = await node.ActivateAsync(busy);
        using var open = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await open.ConnectAsync(System.Net.IPEndPoint.Parse(running.Endpoint), TestContext.Current.CancellationToken);

        var activation = await node.ActivateAsync(next, TimeSpan.FromSeconds(2));

        Assert.Equal(NodeOutcome.Refused, activation.Outcome);
        Assert.Equal(ActorState.Resuming, (await node.Actors.GetAsync(next))!.State);
        Assert.Equal(ActorState.Running, (await node.Actors.GetAsync(busy))!.State);
    }

    [Fact]
    public async Task TwelveActors_OnThreeSlots_AllAnswerWithTheirOwnCounts()
    {
        await using var node = await NodeFixture.StartAsync(slots: 3);
        await node.ApplyCounterAsync();
        var keys = new List<ActorKey>();
        for (var i = 0; i < 12; i++)
        {
            keys.Add(await node.CreateAsync($"a{i}", i % 2 == 0 ? "demo" : "other"));
        }

        for (var round = 1; round <= 2; round++)
        {
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (key, _) =>
            {
                var activation = await node.ActivateAsync(key, TimeSpan.FromSeconds(60));
                Assert.Equal((NodeOutcome.Running, ""), (activation.Outcome, activation.Reason));
                var count = await NodeFixture.CountAsync(activation.Endpoint);
                Assert.Equal((key.Name, key.Atespace, round, round), (count.Actor, count.Atespace, count.Memory, count.File));
                await node.SuspendAsync(key);
            });
        }
    }
}
