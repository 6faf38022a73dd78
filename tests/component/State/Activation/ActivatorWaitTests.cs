using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Templates;
using Substrate.State.Transitions;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Activation;

/// <summary>What an activation waits for, and what it says when that does not come.</summary>
public sealed class ActivatorWaitTests(StoreProcesses stores)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Activate_BeingSuspended_WakesOnceAndTheNodeAborts(bool pause)
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var running = await world.AddRunningAsync(node);
        await BeginAsync(world, running, pause);
        world.Agents.OnWake = call => world.Actors.AbortAsync(call.Record.Key, call.Record.Epoch, "woken");

        var result = await world.ActivateAsync(running.Key, World.Ample);

        Assert.Equal((ActivationOutcome.Running, running.Epoch, "first:1"), (result.Outcome, result.Record!.Epoch, result.Record.Endpoint));
        Assert.Equal(node.Id, Assert.Single(world.Agents.Wakes).Node);
        Assert.Empty(world.Agents.Activations);
    }

    [Fact]
    public async Task Activate_BeingSuspendedTooFarToAbort_ActivatesAgainOnTheSameNode()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync("holder");
        await world.AddNodeAsync("other");
        var running = await world.AddRunningAsync(node);
        await BeginAsync(world, running, pause: true);
        var activation = world.ActivateAsync(running.Key, World.Ample);
        await Eventually.TrueAsync(() => !world.Agents.Wakes.IsEmpty, Within, "the node was told");
        Assert.True((await world.Actors.GetAsync(running.Key))!.WakeWanted);

        await world.Actors.PausedAsync(running.Key, running.Epoch, "s1", node.Id, 1);
        var result = await activation;

        Assert.Equal((ActivationOutcome.Running, running.Epoch + 1, node.Id), (result.Outcome, result.Record!.Epoch, result.Record.Node));
        Assert.Single(world.Agents.Wakes);
    }

    [Fact]
    public async Task Activate_TemplateBecomesReadyMeanwhile_Runs()
    {
        await using var world = await World.OpenAsync(stores, TemplatePhase.Pending);
        await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        var activation = world.ActivateAsync(key, World.Ample);
        await world.SetTemplateAsync(TemplatePhase.Building);
        Assert.False(activation.IsCompleted);

        await world.SetTemplateAsync(TemplatePhase.Ready);

        Assert.Equal(ActivationOutcome.Running, (await activation).Outcome);
    }

    [Fact]
    public async Task Activate_TemplateStaysPending_SaysSoWhenTimeIsUp()
    {
        await using var world = await World.OpenAsync(stores, TemplatePhase.Pending);
        await world.AddNodeAsync();

        var result = await world.ActivateAsync(await world.AddActorAsync(), Soon);

        Assert.Equal(ActivationOutcome.TemplateNotReady, result.Outcome);
        Assert.Contains($"ActorTemplate {world.Template} is still being prepared", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Activate_TemplateFailed_GivesItsReasonAtOnce()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        await world.SetTemplateAsync(TemplatePhase.Failed, "exited with 3");

        var result = await world.ActivateAsync(await world.AddActorAsync(), World.Ample);

        Assert.Equal(ActivationOutcome.TemplateNotReady, result.Outcome);
        Assert.Contains("exited with 3", result.Reason, StringComparison.Ordinal);
        Assert.Empty(world.Agents.Activations);
    }

    [Fact]
    public async Task Activate_TemplateUnknown_SaysSoAtOnce()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var key = Fresh.Actor();
        await world.Actors.CreateAsync(key, "uid", new TemplateKey("default", "none"), new Dictionary<string, string>());

        var result = await world.ActivateAsync(key, World.Ample);

        Assert.Equal((ActivationOutcome.TemplateNotReady, "ActorTemplate default/none not found"), (result.Outcome, result.Reason));
    }

    [Fact]
    public async Task Activate_NoNodeMatches_SaysSoAndLeavesTheActorAtRest()
    {
        await using var world = await World.OpenAsync(stores);
        var key = await world.AddActorAsync();

        var result = await world.ActivateAsync(key, Soon);

        Assert.Equal(ActivationOutcome.NoNode, result.Outcome);
        Assert.Contains("no live node matches", result.Reason, StringComparison.Ordinal);
        Assert.Equal(ActorState.Suspended, (await world.Actors.GetAsync(key))!.State);
    }

    [Fact]
    public async Task Activate_OnlyHolderIsGone_NamesItAndTouchesNoOtherNode()
    {
        await using var world = await World.OpenAsync(stores);
        var holder = await world.AddNodeAsync("holder");
        await world.AddNodeAsync("other");
        var paused = await world.AddPausedAsync(holder);
        await LeaveAsync(world, holder.Id, () => world.Nodes.LeaveAsync(holder));

        var result = await world.ActivateAsync(paused.Key, Soon);

        Assert.Equal(ActivationOutcome.NoNode, result.Outcome);
        Assert.Contains(holder.Id, result.Reason, StringComparison.Ordinal);
        Assert.Empty(world.Agents.Activations);
        Assert.Equal(ActorState.Paused, (await world.Actors.GetAsync(paused.Key))!.State);
    }

    [Fact]
    public async Task Activate_OnlyHolderComesBack_RunsThere()
    {
        await using var world = await World.OpenAsync(stores);
        var holder = await world.AddNodeAsync("holder");
        await world.AddNodeAsync("other");
        var paused = await world.AddPausedAsync(holder);
        await LeaveAsync(world, holder.Id, () => world.Nodes.LeaveAsync(holder));
        var activation = world.ActivateAsync(paused.Key, World.Ample);

        await world.RenewAsync(holder);

        Assert.Equal((ActivationOutcome.Running, holder.Id), ((await activation).Outcome, (await activation).Record!.Node));
    }

    [Fact]
    public async Task Activate_ResumingElsewhereForTooLong_SaysSoWhenTimeIsUp()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        var claim = await world.Actors.ClaimAsync(key, "token", node.Id, World.Ample);

        var result = await world.ActivateAsync(key, Soon);

        Assert.Equal(ActivationOutcome.TimedOut, result.Outcome);
        Assert.Contains("the actor is RESUMING", result.Reason, StringComparison.Ordinal);
        var stored = await world.Actors.GetAsync(key);
        Assert.Equal((ActorState.Resuming, claim.Record!.Epoch), (stored!.State, stored.Epoch));
    }

    [Fact]
    public async Task Activate_CallerLeaves_EndsTheWaitAndNotTheActivation()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var key = await world.AddActorAsync();
        var claim = await world.Actors.ClaimAsync(key, "token", node.Id, World.Ample);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var activation = world.NewActivator().ActivateAsync(key, -1, boot: false, World.Ample, caller.Token);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => activation);
        Assert.True((await world.Actors.RunningAsync(key, claim.Record!.Epoch, node.Id, "late:1")).Done);
    }

    private static Task<TransitionResult> BeginAsync(World world, ActorRecord running, bool pause) =>
        pause
            ? world.Actors.BeginPauseAsync(running.Key, running.Epoch, World.Ample)
            : world.Actors.BeginSuspendAsync(running.Key, running.Epoch, World.Ample);

    private static async Task LeaveAsync(World world, string id, Func<Task> leave)
    {
        await leave();
        await Eventually.TrueAsync(() => world.View.Current.Find(id) is null, Within, "the node is out of view");
    }
}
