using System.Diagnostics;
using Substrate.NodeAgent.Actors;
using Substrate.State.Actors;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>What goes wrong on a node, and what must come of it.</summary>
public sealed class FaultTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Process_ThatDies_IsNoticedAndTheNextRequestRestoresTheNewestSnapshot()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("grace");
        await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint);
        await node.SuspendAsync(key);
        await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint);

        Process.GetProcessById(node.Get<LiveActors>().Find(key)!.Sandbox!.Pid).Kill();

        await Eventually.TrueAsync(
            async () => (await node.Actors.GetAsync(key))!.State == ActorState.Paused, Soon, "the record is back at its snapshot");
        Assert.Contains("the process exited", (await node.Actors.GetAsync(key))!.Reason, StringComparison.Ordinal);
        Assert.Equal(2, (await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint)).Memory);
    }

    [Fact]
    public async Task Node_ThatStops_SuspendsItsActorsAndStartsAgainWithThem()
    {
        await using var node = await NodeFixture.StartAsync();
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("heidi");
        await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint);

        await node.StopNodeAsync();
        await node.StartNodeAsync();

        Assert.Equal(ActorState.Suspended, (await node.Actors.GetAsync(key))!.State);
        Assert.Equal(2, (await NodeFixture.CountAsync((await node.ActivateAsync(key)).Endpoint)).Memory);
    }

    [Fact]
    public async Task Store_ThatIsAwayLongerThanTheLease_FreezesTheActorsAndThawsThemAfterwards()
    {
        await using var redis = new RedisServer { AppendOnly = true };
        await redis.InitializeAsync();
        await using var node = await NodeFixture.StartAsync(redis: redis);
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("ivan");
        var activation = await node.ActivateAsync(key);
        await NodeFixture.CountAsync(activation.Endpoint);

        await redis.StopAsync();
        await Eventually.TrueAsync(() => node.Get<NodeIdentity>().Fenced, TimeSpan.FromSeconds(30), "the node has fenced itself");
        using (var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NodeFixture.CountUntilAsync(activation.Endpoint, cancel.Token));
        }

        await redis.StartAsync();
        await Eventually.TrueAsync(() => !node.Get<NodeIdentity>().Fenced, TimeSpan.FromSeconds(30), "the node has its lease back");
        Assert.True((await NodeFixture.CountAsync(activation.Endpoint)).Memory >= 2);
    }

    [Fact]
    public async Task FrozenActor_WhoseEpochEndedMeanwhile_IsKilledAndNeverThawed()
    {
        await using var redis = new RedisServer { AppendOnly = true };
        await redis.InitializeAsync();
        await using var node = await NodeFixture.StartAsync(redis: redis);
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("judy");
        await node.ActivateAsync(key);
        var epoch = (await node.Actors.GetAsync(key))!.Epoch;
        var pid = node.Get<LiveActors>().Find(key)!.Sandbox!.Pid;

        await redis.StopAsync();
        await Eventually.TrueAsync(() => node.Get<NodeIdentity>().Fenced, TimeSpan.FromSeconds(30), "the node has fenced itself");
        await redis.StartAsync();
        await node.Actors.LostAsync(key, epoch, node.Id, "declared dead by a scheduler");

        await Eventually.TrueAsync(() => !node.Get<NodeIdentity>().Fenced, TimeSpan.FromSeconds(30), "the node has its lease back");
        await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{pid}"), Soon, "the sandbox of the ended epoch is gone");
    }

    [Fact]
    public async Task Template_WhoseProcessExits_SaysSoWithItsLastOutput()
    {
        await using var node = await NodeFixture.StartAsync();
        var golden = await node.ApplyAsync(new TemplateKey("demo", "exits"), new ContainerSpec
        {
            Name = "counter",
            Image = $"oci:{Machine.CounterImage}:latest",

            // The one other program in the image: it prints its version and ends.
            Command = [Machine.Loader, "--version"],
            Port = 8080,
            ReadyPath = "/readyz",
        });

        Assert.False(golden.Built);
        Assert.Equal("the process exited before it was ready", golden.Reason);
        Assert.Contains("stable release version", golden.LastOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_WhoseCommandDoesNotExist_FailsWithThatReason()
    {
        await using var node = await NodeFixture.StartAsync();
        var golden = await node.ApplyAsync(new TemplateKey("demo", "nocommand"), new ContainerSpec
        {
            Name = "counter",
            Image = $"oci:{Machine.CounterImage}:latest",
            Command = ["/no/such/program"],
        });

        Assert.False(golden.Built);
        Assert.Contains("/no/such/program", golden.Reason + golden.LastOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Template_WhoseImageDoesNotExist_FailsWithThatReason()
    {
        await using var node = await NodeFixture.StartAsync();
        var golden = await node.ApplyAsync(new TemplateKey("demo", "noimage"), new ContainerSpec { Name = "x", Image = "oci:/no/such/layout:latest" });

        Assert.False(golden.Built);
        Assert.Contains("/no/such/layout", golden.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoAgents_WithOneName_TheSecondRefusesToStartAndTouchesNothing()
    {
        await using var redis = new RedisServer();
        await redis.InitializeAsync();
        await using var node = await NodeFixture.StartAsync(redis: redis);
        await node.ApplyCounterAsync();
        var activation = await node.ActivateAsync(await node.CreateAsync("mallory"));

        var here = await Assert.ThrowsAsync<InvalidOperationException>(() => NodeFixture.StartAsync(redis: redis, configure: s => s["Node:Id"] = node.Id));
        Assert.Contains($"Another node agent named '{node.Id}' runs on this machine", here.Message, StringComparison.Ordinal);

        // On another machine the name is all that gives it away.
        var elsewhere = await Assert.ThrowsAsync<InvalidOperationException>(() => NodeFixture.StartAsync(redis: redis, configure: s =>
        {
            s["Node:Id"] = node.Id;
            s["Node:RunDirectory"] = $"/run/substrate/{node.Id}-elsewhere";
        }));
        Assert.Contains($"'{node.Id}' is held by another live node agent", elsewhere.Message, StringComparison.Ordinal);

        Assert.Equal(1, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
    }

    [Fact]
    public async Task TemplateWithLessMemoryThanItsProcessNeeds_IsToldSo()
    {
        await using var node = await NodeFixture.StartAsync();

        var golden = await node.ApplyAsync(
            new TemplateKey("demo", "starved"),
            new ContainerSpec { Name = "counter", Image = $"oci:{Machine.CounterImage}:latest", Port = 8080, ReadyPath = "/readyz", ReadyTimeout = TimeSpan.FromSeconds(20) },
            resources: new ResourceLimits { MemoryBytes = 20L << 20 });

        Assert.False(golden.Built);
        Assert.Contains("out of memory, its limit is 20 MiB (resources.memory)", golden.Reason, StringComparison.Ordinal);
    }
}
