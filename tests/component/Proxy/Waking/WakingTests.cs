using System.Net;
using System.Runtime.CompilerServices;
using Substrate.NodeAgent.V1;
using Substrate.Proxy.ComponentTests.World;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Waking;

public sealed class WakingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Request_SuspendedActor_WakesItOnceAndThenUsesTheRoute()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        var first = await world.AskAsync("alice");
        var second = await world.AskAsync("alice");
        Assert.Equal("demo/alice", first.Actor);
        Assert.Equal((first.Actor, first.Epoch), (second.Actor, second.Epoch));
        Assert.Single(world.Nodes[0].Activations);
    }

    [Fact]
    public async Task Request_HundredAtOnce_JoinOneActivation()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        var answers = Enumerable.Range(0, 100).Select(_ => world.AskAsync("alice")).ToArray();
        var flights = Flights(world);
        await Eventually.TrueAsync(() => flights.HeldNow == 100, Installation.Soon, "all requests are held");
        gate.SetResult(null);
        Assert.All(await Task.WhenAll(answers), a => Assert.Equal(("demo/alice", world.Nodes[0].Activations.Single().Epoch), (a.Actor, a.Epoch)));
        Assert.Single(world.Nodes[0].Activations);
        Assert.Equal(0, flights.HeldNow);
    }

    [Fact]
    public async Task Request_CallerLeaves_ActivationGoesOn()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        using var caller = new CancellationTokenSource();
        var leaving = world.Client.GetAsync(Installation.At("alice"), caller.Token);
        await Eventually.TrueAsync(() => !world.Nodes[0].Activations.IsEmpty, Installation.Soon, "the node is asked");
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await Eventually.TrueAsync(() => Flights(world).HeldNow == 0, Installation.Soon, "the request's place is free");
        gate.SetResult(null);
        await Eventually.TrueAsync(async () => (await world.Store.GetAsync(key))!.State == ActorState.Running, Installation.Soon, "the actor runs");
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        Assert.Single(world.Nodes[0].Activations);
    }

    [Fact]
    public async Task Request_NodeRefuses_GoesToTheOtherNodeInTheSameEpoch()
    {
        await using var world = await Installation.StartAsync(redis, nodes: 2);
        await world.CreateAsync("alice");
        var refused = 0;
        foreach (var node in world.Nodes)
        {
            node.Before = _ => Task.FromResult(
                Interlocked.Increment(ref refused) == 1
                    ? new ActivateReply { Outcome = ActivateReply.Types.Outcome.Refused, Reason = "full" }
                    : null);
        }

        var epoch = (await world.AskAsync("alice")).Epoch;
        Assert.All(world.Nodes, n => Assert.Equal(epoch, Assert.Single(n.Activations).Epoch));
    }

    [Fact]
    public async Task Request_NodeCallFails_GoesToTheOtherNode()
    {
        await using var world = await Installation.StartAsync(redis, nodes: 2);
        await world.CreateAsync("alice");
        var failed = 0;
        foreach (var node in world.Nodes)
        {
            node.Before = _ => Interlocked.Increment(ref failed) == 1 ? throw new InvalidOperationException("broken") : Task.FromResult<ActivateReply?>(null);
        }

        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
    }

    [Fact]
    public async Task Request_ActorPausedMeanwhile_IsAnsweredByItsNextEpoch()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        var epoch = (await world.AskAsync("alice")).Epoch;
        await world.Nodes[0].PauseAsync(key);
        Assert.Equal(epoch + 1, (await world.AskAsync("alice")).Epoch);
    }

    [Fact]
    public async Task Request_ActorBeingPaused_CallsThePauseOff()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        var epoch = (await world.AskAsync("alice")).Epoch;
        Assert.True((await world.Store.BeginPauseAsync(key, epoch, TimeSpan.FromMinutes(1))).Done);
        await Eventually.TrueAsync(() => Routes(world).Count == 0, Installation.Soon, "the route is dropped by the event");
        Assert.Equal(epoch, (await world.AskAsync("alice")).Epoch);
        Assert.Equal(ActorState.Running, (await world.Store.GetAsync(key))!.State);
    }

    [Fact]
    public async Task Pause_IdleConnections_AreClosedByTheEvent()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ConnectionIdle", "00:00:50"));
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        Assert.Equal(1, actor.Connections);
        Assert.True((await world.Store.BeginPauseAsync(key, actor.Epoch, TimeSpan.FromMinutes(1))).Done);
        await Eventually.TrueAsync(() => actor.Connections == 0, Installation.Soon, "the idle connection is closed");
    }

    [Fact]
    public async Task Request_NoFurtherRequest_ConnectionIsClosedSoon()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ConnectionIdle", "00:00:00.2"));
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await Eventually.TrueAsync(() => world.Nodes[0].Actors[key].Connections == 0, Installation.Soon, "the idle connection is closed");
        Assert.Equal(1, Routes(world).Count);
    }

    [Fact]
    public async Task Request_ConnectionRefused_IsLookedUpAgainAndSentWhole()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        var epoch = (await world.AskAsync("alice")).Epoch;
        await world.Nodes[0].EndAsync(key);
        using var body = new ByteArrayContent(new byte[100_000]);
        var answer = world.Client.PostAsync(Installation.At("alice", "/mirror"), body);
        await Eventually.TrueAsync(() => Flights(world).HeldNow == 1, Installation.Soon, "the request is held again");
        Assert.True((await world.Store.LostAsync(key, epoch, world.Nodes[0].Id, "it died")).Done);
        using var response = await answer;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(100_000, (await response.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(epoch + 1, world.Nodes[0].Actors[key].Epoch);
    }

    [Fact]
    public async Task Route_NoEventCame_IsFoundOutByComparingWithTheRecord()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:RouteCheckAfter", "00:00:00.1"));
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await using var elsewhere = await FakeActor.StartAsync(key, 7);
        await redis.RunAsync("HSET", Keys.Actor(key).ToString(), "epoch", "7", "endpoint", elsewhere.Endpoint);
        await Eventually.TrueAsync(async () => (await world.AskAsync("alice")).Epoch == 7, Installation.Soon, "requests reach the newer activation");
    }

    [Fact]
    public async Task Route_Unused_IsForgotten()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:RouteIdle", "00:00:00.2"));
        await world.CreateAsync("alice");
        var epoch = (await world.AskAsync("alice")).Epoch;
        await Eventually.TrueAsync(() => Routes(world).Count == 0, Installation.Soon, "the route is forgotten");
        Assert.Equal(epoch, (await world.AskAsync("alice")).Epoch);
        Assert.Single(world.Nodes[0].Activations);
    }

    [Fact]
    public async Task Requests_WhileActorsComeAndGo_AreEachAnsweredByTheActorTheyName()
    {
        await using var world = await Installation.StartAsync(redis, nodes: 2);
        var keys = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.CreateAsync($"actor-{i}")));
        using var churn = new CancellationTokenSource();
        using var limit = new CancellationTokenSource(Installation.Soon);
        var pauses = new StrongBox<int>();
        var pausing = PauseAgainAndAgainAsync(world, keys, pauses, churn.Token);
        var callers = Enumerable.Range(0, 8).Select(async caller =>
        {
            // Sixty requests each, and more until actors really have come and gone under them.
            for (var n = 0; n < 60 || Volatile.Read(ref pauses.Value) < 4; n++)
            {
                var key = keys[(caller + n) % keys.Length];
                using var request = new HttpRequestMessage(HttpMethod.Get, Installation.At(key.Name));
                request.Headers.Add("X-Request-Id", $"{caller}-{n}");
                using var response = await world.Client.SendAsync(request, limit.Token);
                var text = await response.Content.ReadAsStringAsync(limit.Token);
                Assert.True(response.IsSuccessStatusCode, text);
                Assert.Contains($"\"actor\":\"{key}\"", text, StringComparison.Ordinal);
                Assert.Contains($"\"requestId\":\"{caller}-{n}\"", text, StringComparison.Ordinal);
            }
        });
        await Task.WhenAll(callers);
        await churn.CancelAsync();
        await pausing;
    }

    // Pauses each actor in turn, as a node does: the route ends first, then what is in flight.
    private static async Task PauseAgainAndAgainAsync(
        Installation world, ActorKey[] keys, StrongBox<int> pauses, CancellationToken cancellationToken)
    {
        var ended = new List<FakeActor>();
        for (var n = 0; !cancellationToken.IsCancellationRequested; n++)
        {
            var key = keys[n % keys.Length];
            var node = world.Nodes.FirstOrDefault(node => node.Actors.ContainsKey(key));
            if (node is not null && node.Actors.TryGetValue(key, out var actor)
                && (await world.Store.BeginPauseAsync(key, actor.Epoch, TimeSpan.FromMinutes(1))).Done)
            {
                await Eventually.TrueAsync(
                    async () => actor.Connections == 0 || (await world.Store.GetAsync(key))!.State == ActorState.Running,
                    Installation.Soon,
                    "the actor is quiet, or wanted");
                if ((await world.Store.PausedAsync(key, actor.Epoch, $"{actor.Epoch}-snap", node.Id, 1)).Done)
                {
                    // Its process ends with the test: a listening socket that closes resets whoever waits to be accepted, which a node's gate does not.
                    node.Actors.TryRemove(key, out _);
                    ended.Add(actor);
                    Interlocked.Increment(ref pauses.Value);
                }
            }

            await Task.Yield();
        }

        foreach (var actor in ended)
        {
            await actor.DisposeAsync();
        }
    }

    private static Activation.Flights Flights(Installation world) => Get<Activation.Flights>(world);

    private static Routes.RouteTable Routes(Installation world) => Get<Routes.RouteTable>(world);

    private static T Get<T>(Installation world)
        where T : notnull => Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<T>(world.Proxy.Services);
}
