using Substrate.NodeAgent.Actors;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>The whole node agent over simulated sandboxes: what others measure and test with.</summary>
public sealed class SimulationTests
{
    private static readonly ContainerSpec Container = new() { Name = "simulated", Image = "oci:/nowhere:latest", Port = 8080, ReadyPath = "/readyz" };

    [Fact]
    public async Task Node_WithManySimulatedSlots_RunsAndKeepsAllOfThem()
    {
        await using var node = await NodeFixture.StartSimulatedAsync(slots: 150);
        Assert.True((await node.ApplyAsync(NodeFixture.Counter, Container)).Built);
        ActorKey[] keys = await Task.WhenAll(Enumerable.Range(0, 150).Select(i => node.CreateAsync($"actor-{i}")));

        var running = await Task.WhenAll(keys.Select(key => node.ActivateAsync(key)));
        Assert.All(running, static r => Assert.Equal(NodeOutcome.Running, r.Outcome));
        await CountAsync(keys, running, 1);

        var paused = await Task.WhenAll(keys.Select(key => node.SuspendAsync(key)));
        Assert.All(paused, static p => Assert.Equal(SuspensionOutcome.Done, p.Outcome));
        await Assert.ThrowsAsync<HttpRequestException>(() => NodeFixture.CountAsync(running[0].Endpoint));

        running = await Task.WhenAll(keys.Select(key => node.ActivateAsync(key)));
        await CountAsync(keys, running, 2);
    }

    [Fact]
    public async Task Simulation_CheckpointsFail_ActorRunsOn()
    {
        await using var node = await NodeFixture.StartSimulatedAsync(slots: 2);
        await node.ApplyAsync(NodeFixture.Counter, Container);
        var key = await node.CreateAsync("alice");
        var running = await node.ActivateAsync(key);

        // The golden snapshot above was allowed to succeed.
        var faults = node.Get<Microsoft.Extensions.Options.IOptions<Simulation.SimulationOptions>>().Value;
        faults.FailedCheckpoints = 1;
        Assert.Equal(SuspensionOutcome.Failed, (await node.SuspendAsync(key)).Outcome);
        Assert.Equal(ActorState.Running, (await node.Actors.GetAsync(key))!.State);
        Assert.Equal(1, (await NodeFixture.CountAsync(running.Endpoint)).Memory);
        faults.FailedCheckpoints = 0;
    }

    [Fact]
    public async Task Simulation_RestoresFail_ActorRestsWithTheReason()
    {
        await using var node = await NodeFixture.StartSimulatedAsync(slots: 2, configure: static s => s["Simulation:FailedRestores"] = "1");
        await node.ApplyAsync(NodeFixture.Counter, Container);
        var key = await node.CreateAsync("bob");

        Assert.Equal(NodeOutcome.Failed, (await node.ActivateAsync(key)).Outcome);
        var record = await node.Actors.GetAsync(key);
        Assert.Equal(ActorState.Suspended, record!.State);
        Assert.Contains("simulated restore failed", record.Reason, StringComparison.Ordinal);
    }

    private static async Task CountAsync(ActorKey[] keys, NodeActivation[] running, long expected)
    {
        var counts = await Task.WhenAll(running.Select(static r => NodeFixture.CountAsync(r.Endpoint)));
        Assert.Equal(keys.Select(static key => key.Name), counts.Select(static c => c.Actor));
        Assert.All(counts, count => Assert.Equal(expected, count.Memory));
    }
}
