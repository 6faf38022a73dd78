using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Leadership;

public sealed class LeadershipTests
{
    [Fact]
    public async Task TwoSchedulers_LeaderStops_TheOtherLeadsAtOnce()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var first = await cluster.AddSchedulerAsync(("Scheduler:Lease", "00:00:30"));
        await Eventually.TrueAsync(async () => (await HolderAsync(cluster)).Length > 0, Cluster.Soon, "the first leads");
        var holder = await HolderAsync(cluster);
        await cluster.AddSchedulerAsync(("Scheduler:Lease", "00:00:30"));
        Assert.Equal(holder, await HolderAsync(cluster));

        await first.StopAsync(Cluster.Token);
        await Eventually.TrueAsync(async () => await HolderAsync(cluster) is { Length: > 0 } now && now != holder, TimeSpan.FromSeconds(20), "the other leads before the lease could run out");
        await WorksAsync(cluster);
    }

    [Fact]
    public async Task LeaseHeldByADeadLeader_RunsOut_IsTakenOver()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await new State.Leadership.SchedulerLease(cluster.Redis, "dead").KeepAsync(TimeSpan.FromSeconds(1));
        await cluster.AddSchedulerAsync();

        await Eventually.TrueAsync(async () => await HolderAsync(cluster) != "dead", Cluster.Soon, "the lease is taken over");
        await WorksAsync(cluster);
        Assert.Equal(2, (long)await cluster.Redis.GetDatabase().HashGetAsync(Keys.SchedulerLease, "token"));
    }

    [Fact]
    public async Task NotTheLeader_DoesNothingInTheBackground()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var leader = new State.Leadership.SchedulerLease(cluster.Redis, "other");
        await leader.KeepAsync(TimeSpan.FromMinutes(5));
        await cluster.AddSchedulerAsync();
        var node = await cluster.AddNodeAsync("n1");
        var key = await cluster.CreateAsync("a");
        await node.RunAsync(key);
        await node.DieAsync();

        // The API answers without leading, and twenty calls of it take longer than several rounds would.
        for (var i = 0; i < 20; i++)
        {
            await cluster.Control.GetActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } });
        }

        Assert.Equal(ActorState.Running, await cluster.StateAsync(key));
        await leader.GiveUpAsync();
        await cluster.BecomesAsync(key, ActorState.Suspended);
    }

    private static async Task WorksAsync(Cluster cluster)
    {
        var node = await cluster.AddNodeAsync("n9");
        var key = await cluster.CreateAsync("worked");
        await node.RunAsync(key);
        await node.DieAsync();
        await cluster.BecomesAsync(key, ActorState.Suspended);
    }

    private static async Task<string> HolderAsync(Cluster cluster) =>
        (await cluster.Redis.GetDatabase().HashGetAsync(Keys.SchedulerLease, "holder")).ToString();
}
