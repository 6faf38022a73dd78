using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Activation;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>Whatever an actor's comings and goings use is given back.</summary>
public sealed class LeakTests
{
    private const int Cycles = 200;

    [Fact]
    public async Task TwoHundredCycles_LeaveNoMoreThanTheFirstFew()
    {
        await using var node = await NodeFixture.StartAsync(slots: 2);
        await node.ApplyCounterAsync();
        var key = await node.CreateAsync("kim");
        await RunAsync(node, key, 0, 10);
        var before = await SettledAsync(node);

        await RunAsync(node, key, 10, Cycles);

        // Berths may grow by a few while sandboxes are still being taken apart; nothing may grow with the number of cycles.
        var after = await SettledAsync(node);
        Assert.InRange(after.Processes, 0, before.Processes + 4);
        Assert.InRange(after.Namespaces, 0, before.Namespaces + 8);
        Assert.InRange(after.Mounts, 0, before.Mounts + 8);
        Assert.InRange(after.Cgroups, 0, before.Cgroups + 2);
        Assert.InRange(after.Files, 0, before.Files + 20);
        Assert.InRange(after.Descriptors, 0, before.Descriptors + 40);

        await node.StopNodeAsync();
        var stopped = Footprint.Of(node.Id, node.DataDirectory);
        Assert.Equal((0, 0, 0), (stopped.Processes, stopped.Namespaces, stopped.Cgroups));
    }

    private static async Task RunAsync(NodeFixture node, State.Actors.ActorKey key, int from, int to)
    {
        for (var cycle = from; cycle < to; cycle++)
        {
            var activation = await node.ActivateAsync(key);
            Assert.Equal((NodeOutcome.Running, ""), (activation.Outcome, activation.Reason));
            Assert.Equal(cycle + 1, (await NodeFixture.CountAsync(activation.Endpoint)).Memory);
            Assert.Equal(SuspensionOutcome.Done, (await node.SuspendAsync(key)).Outcome);
        }
    }

    // Taking sandboxes apart takes seconds; what is counted is the state once that is over and the pool is full again.
    private static async Task<Footprint> SettledAsync(NodeFixture node)
    {
        await Eventually.TrueAsync(
            () => node.Get<SandboxPool>().Quiet && node.Get<SandboxPool>().Warm.Values.Sum() == 2, TimeSpan.FromSeconds(30), "the pool is full and nothing is being removed");
        return Footprint.Of(node.Id, node.DataDirectory);
    }
}
