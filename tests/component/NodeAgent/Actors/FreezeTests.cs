using System.Net.Sockets;
using System.Text;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Cgroups;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Idle actors get no CPU, and nobody who talks to them can tell.</summary>
public sealed class FreezeTests
{
    private static readonly IdlePolicy Soon = new() { FreezeAfter = TimeSpan.FromMilliseconds(300), OpenStreams = TimeSpan.FromMilliseconds(500) };

    [Fact]
    public async Task FrozenActor_ReachedByAConnectionAlone_Answers()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync(Soon);
        var key = await node.CreateAsync("anna");
        var endpoint = (await node.ActivateAsync(key)).Endpoint;
        var before = await NodeFixture.CountAsync(endpoint);
        var actor = await FrozenAsync(node, key);
        var cpu = CpuTime(node, actor);

        var after = await NodeFixture.CountAsync(endpoint);

        Assert.Equal((2, 2, before.StartedAt), (after.Memory, after.File, after.StartedAt));
        Assert.True(CpuTime(node, actor) > cpu, "the process ran again");
        await FrozenAsync(node, key);
    }

    [Fact]
    public async Task SilentConnection_PastItsTime_LetsTheActorFreezeAndWakesItByItsNextByte()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync(Soon);
        var key = await node.CreateAsync("carl");
        var endpoint = (await node.ActivateAsync(key)).Endpoint;
        using var open = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await open.ConnectAsync(System.Net.IPEndPoint.Parse(endpoint), TestContext.Current.CancellationToken);
        await AskAsync(open);
        await FrozenAsync(node, key);

        Assert.Contains("\"memory\":2", await AskAsync(open), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeptAwakeActor_IsNotFrozen()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync(Soon);
        var (awake, other) = (await node.CreateAsync("dora"), await node.CreateAsync("emil"));
        await node.ActivateAsync(awake);
        var actor = node.Get<LiveActors>().Find(awake)!;
        var time = node.Get<TimeProvider>();
        actor.Activity.KeepAwake(time.GetTimestamp() + (60 * time.TimestampFrequency));
        await node.ActivateAsync(other);

        await FrozenAsync(node, other);

        Assert.Null(actor.Frost);
        Assert.True(actor.Activity.Busy);
    }

    [Fact]
    public async Task FrozenActor_CanBePausedAndComesBack()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync(Soon);
        var key = await node.CreateAsync("fred");
        await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint);
        await FrozenAsync(node, key);

        Assert.Equal(SuspensionOutcome.Done, (await node.SuspendAsync(key)).Outcome);

        Assert.Equal(ActorState.Paused, (await node.Actors.GetAsync(key))!.State);
        Assert.Equal(2, (await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint)).Memory);
    }

    private static TimeSpan CpuTime(NodeFixture node, LiveActor actor) => node.Get<ICgroups>().CpuTime(actor.Sandbox!.Id);

    private static async Task<LiveActor> FrozenAsync(NodeFixture node, ActorKey key)
    {
        var actor = node.Get<LiveActors>().Find(key)!;
        await Eventually.TrueAsync(() => actor.Frost is not null, TimeSpan.FromSeconds(20), $"{key} is frozen");
        return actor;
    }

    private static async Task<string> AskAsync(Socket socket)
    {
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[1024];
        var text = "";
        while (!text.Contains('}', StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            text += Encoding.ASCII.GetString(buffer, 0, read);
        }

        return text;
    }
}
