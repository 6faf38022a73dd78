using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Activation;

/// <summary>Bringing actors up by claim and placement, with nodes that answer in every way they can.</summary>
public sealed class ActivatorTests(StoreProcesses stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Activate_AtRest_ClaimsAndDrives()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var key = await world.AddActorAsync();

        var result = await world.ActivateAsync(key, World.Ample, boot: true);

        Assert.Equal(ActivationOutcome.Running, result.Outcome);
        Assert.Equal("", result.Reason);
        Assert.Equal(TimeSpan.FromMilliseconds(56), result.Timings.Restore);
        var call = Assert.Single(world.Agents.Activations);
        Assert.True(call.Boot);
        Assert.Equal((node.Id, ActorState.Resuming), (call.Node, call.Record.State));
        var stored = await world.Actors.GetAsync(key);
        Assert.Equal((stored!.Endpoint, stored.Epoch, ActorState.Running), (result.Record!.Endpoint, result.Record.Epoch, stored.State));
    }

    [Fact]
    public async Task Activate_Running_AnswersWithoutAskingANode()
    {
        await using var world = await World.OpenAsync(stores);
        var running = await world.AddRunningAsync(await world.AddNodeAsync());

        var result = await world.ActivateAsync(running.Key, World.Ample);

        Assert.Equal((ActivationOutcome.Running, "first:1"), (result.Outcome, result.Record!.Endpoint));
        Assert.Empty(world.Agents.Activations);
    }

    [Fact]
    public async Task Activate_Unknown_IsNotFound()
    {
        await using var world = await World.OpenAsync(stores);

        var result = await world.ActivateAsync(Fresh.Actor(), World.Ample);

        Assert.Equal(ActivationOutcome.NotFound, result.Outcome);
        Assert.Contains("not found", result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NodeOutcome.Refused)]
    [InlineData(NodeOutcome.Unreachable)]
    public async Task Activate_FirstNodeCannot_MovesOnWithTheSameEpoch(NodeOutcome answer)
    {
        await using var world = await World.OpenAsync(stores);
        var (one, two) = (await world.AddNodeAsync("one"), await world.AddNodeAsync("two"));
        var key = await world.AddActorAsync();
        world.Agents.OnActivate = (call, cancel) => world.Agents.Activations.Count == 1
            ? Task.FromResult(new NodeActivation(answer, Reason: "cannot"))
            : world.RunAsync(call, cancel);

        var result = await world.ActivateAsync(key, World.Ample);

        Assert.Equal(ActivationOutcome.Running, result.Outcome);
        var calls = world.Agents.Activations.ToArray();
        Assert.Equal(2, calls.Length);
        Assert.Equal(new[] { one.Id, two.Id }.Order(), calls.Select(static call => call.Node).Order());
        Assert.Equal(calls[0].Record.Epoch, calls[1].Record.Epoch);
        Assert.Equal(calls[1].Node, (await world.Actors.GetAsync(key))!.Node);
    }

    [Fact]
    public async Task Activate_EveryNodeRefuses_RestsAndSaysWhyWhenTimeIsUp()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        world.Agents.OnActivate = static (_, _) => Task.FromResult(new NodeActivation(NodeOutcome.Refused, Reason: "all slots are busy"));

        var result = await world.ActivateAsync(key, Soon);

        Assert.Equal(ActivationOutcome.NoRoom, result.Outcome);
        Assert.Contains("all slots are busy", result.Reason, StringComparison.Ordinal);
        Assert.Contains("0.6 s", result.Reason, StringComparison.Ordinal);
        Assert.Equal(ActorState.Suspended, (await world.Actors.GetAsync(key))!.State);
    }

    [Fact]
    public async Task Activate_RefusedUntilANodeJoins_RunsThere()
    {
        await using var world = await World.OpenAsync(stores);
        var full = await world.AddNodeAsync("full");
        var key = await world.AddActorAsync();
        world.Agents.OnActivate = (call, cancel) => call.Node == full.Id
            ? Task.FromResult(new NodeActivation(NodeOutcome.Refused, Reason: "full"))
            : world.RunAsync(call, cancel);
        var activation = world.ActivateAsync(key, World.Ample);
        await Eventually.TrueAsync(() => !world.Agents.Activations.IsEmpty, Within, "the full node was asked");

        var free = await world.AddNodeAsync("free");

        Assert.Equal(free.Id, (await activation).Record!.Node);
    }

    [Fact]
    public async Task Activate_NodeFails_GivesItsReasonAtOnce()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        world.Agents.OnActivate = async (call, _) =>
        {
            await world.Actors.FailAsync(key, call.Record.Epoch, call.Node, "never became ready");
            return new NodeActivation(NodeOutcome.Failed, Reason: "never became ready");
        };

        var result = await world.ActivateAsync(key, World.Ample);

        Assert.Equal((ActivationOutcome.Failed, "never became ready"), (result.Outcome, result.Reason));
        Assert.Single(world.Agents.Activations);
    }

    [Fact]
    public async Task Activate_ByTwoAtOnce_OneDrivesAndTheOtherWaits()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        var go = new TaskCompletionSource();
        world.Agents.OnActivate = async (call, cancel) =>
        {
            await go.Task;
            return await world.RunAsync(call, cancel);
        };

        var activations = Enumerable.Range(0, 8).Select(_ => world.ActivateAsync(key, World.Ample)).ToArray();
        await Eventually.TrueAsync(() => !world.Agents.Activations.IsEmpty, Within, "one asked the node");
        Assert.DoesNotContain(activations, static activation => activation.IsCompleted);
        go.SetResult();
        var results = await Task.WhenAll(activations);

        Assert.Single(world.Agents.Activations);
        Assert.All(results, result => Assert.Equal((ActivationOutcome.Running, results[0].Record!.Endpoint), (result.Outcome, result.Record!.Endpoint)));
    }

    [Fact]
    public async Task Activate_NodeSaysStale_LooksAgainAndFindsTheNewerOne()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        world.Agents.OnActivate = async (call, _) =>
        {
            await world.Actors.FailAsync(key, call.Record.Epoch, call.Node, "somebody failed it");
            var newer = await world.Actors.ClaimAsync(key, "newer", call.Node, World.Ample);
            await world.Actors.RunningAsync(key, newer.Record!.Epoch, call.Node, "newer:1");
            return new NodeActivation(NodeOutcome.Stale);
        };

        var result = await world.ActivateAsync(key, World.Ample);

        Assert.Equal((ActivationOutcome.Running, "newer:1"), (result.Outcome, result.Record!.Endpoint));
        Assert.Single(world.Agents.Activations);
    }

    [Fact]
    public async Task Activate_ClaimOfADeadProcessIsOverdue_TakesOver()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        var left = await world.Actors.ClaimAsync(key, "token", node.Id, TimeSpan.Zero);

        var result = await world.ActivateAsync(key, World.Ample);

        Assert.Equal((ActivationOutcome.Running, left.Record!.Epoch + 1), (result.Outcome, result.Record!.Epoch));
    }

    [Fact]
    public async Task Activate_EndpointOfThatEpochIsDead_WaitsForTheNextEpoch()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var dead = await world.AddRunningAsync(node);
        var activation = world.ActivateAsync(dead.Key, World.Ample, dead.Epoch);

        await world.Actors.LostAsync(dead.Key, dead.Epoch, node.Id, "its process died");

        Assert.Equal((ActivationOutcome.Running, dead.Epoch + 1), ((await activation).Outcome, (await activation).Record!.Epoch));
    }
}
