using System.Net.Sockets;
using Substrate.NodeAgent.Actors;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Suspension loses nothing and cuts nobody off.</summary>
public sealed class SuspensionTests
{
    [Fact]
    public async Task SuspendedActor_WokenOnAnotherNode_KeepsItsMemory()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var first = await NodeFixture.StartAsync(redis: redis);
        await using var second = await NodeFixture.StartAsync(redis: redis, configure: s => s["Node:StoreDirectory"] = first.StoreDirectory);
        await first.ApplyCounterAsync();
        var key = await first.CreateAsync("bob");
        var here = await first.ActivateAsync(key);
        var before = await NodeFixture.CountAsync(here.Endpoint);

        Assert.Equal(SuspensionOutcome.Done, (await first.SuspendAsync(key, pause: false)).Outcome);
        var record = await first.Actors.GetAsync(key);
        Assert.Equal((ActorState.Suspended, true), (record!.State, record.Snapshot!.Stored));

        var there = await second.ActivateAsync(key);
        Assert.Equal((NodeOutcome.Running, ""), (there.Outcome, there.Reason));
        var after = await NodeFixture.CountAsync(there.Endpoint);
        Assert.Equal((2, 2, before.StartedAt), (after.Memory, after.File, after.StartedAt));
        Assert.NotEqual(here.Endpoint, there.Endpoint);
    }

    [Fact]
    public async Task OpenConnection_WhenSuspensionGivesUp_IsNotCutAndTheActorRunsOn()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("carol");
        var activation = await node.ActivateAsync(key);
        using var open = await ConnectAsync(activation.Endpoint);

        var record = await node.Actors.GetAsync(key);
        var result = await node.Get<Suspending>().SuspendAsync(key, record!.Epoch, true, TimeSpan.FromMilliseconds(200));

        Assert.Equal(SuspensionOutcome.Busy, result.Outcome);
        var after = await node.Actors.GetAsync(key);
        Assert.Equal((ActorState.Running, activation.Endpoint), (after!.State, after.Endpoint));
        await open.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[16];
        Assert.NotEqual(0, await open.ReceiveAsync(buffer, TestContext.Current.CancellationToken));
        Assert.Equal(2, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
    }

    [Fact]
    public async Task Wake_BeforeTheCheckpoint_CallsTheSuspensionOff()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("dave");
        var activation = await node.ActivateAsync(key);
        using var open = await ConnectAsync(activation.Endpoint);
        var epoch = (await node.Actors.GetAsync(key))!.Epoch;

        var suspension = node.Get<Suspending>().SuspendAsync(key, epoch, true, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => (await node.Actors.GetAsync(key))!.State == ActorState.Pausing, TimeSpan.FromSeconds(5), "the suspension has begun");
        Assert.True(await node.Get<Suspending>().WakeAsync(key, epoch));

        Assert.Equal(SuspensionOutcome.Busy, (await suspension).Outcome);
        Assert.Equal(1, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
    }

    [Fact]
    public async Task PausedActor_ItsOldEndpoint_RefusesConnections()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("erin");
        var first = await node.ActivateAsync(key);
        await node.SuspendAsync(key);
        var second = await node.ActivateAsync(key);

        Assert.NotEqual(first.Endpoint, second.Endpoint);
        var refused = await Assert.ThrowsAsync<SocketException>(() => ConnectAsync(first.Endpoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Suspension_OfAnEpochThatIsOver_IsStale()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("frank");
        await node.ActivateAsync(key);

        var result = await node.Get<Suspending>().SuspendAsync(key, 99, true, TimeSpan.FromSeconds(1));

        Assert.Equal(SuspensionOutcome.Stale, result.Outcome);
        Assert.Equal(ActorState.Running, (await node.Actors.GetAsync(key))!.State);
    }

    private static async Task<Socket> ConnectAsync(string endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(System.Net.IPEndPoint.Parse(endpoint), TestContext.Current.CancellationToken);
        return socket;
    }
}
