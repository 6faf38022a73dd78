using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Placement;
using Substrate.State.Storage;
using Substrate.State.View;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Storage;

public sealed class PlanStoreTests(StoreProcesses stores)
{
    [Theory]
    [ClassData<EveryStore>]
    public async Task Publish_ByALeader_ReachesEveryFeedAndFencesTheFormerLeader(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var plans = new PlanStore(redis);
        using var feed = new PlanFeed(redis, plans, TimeProvider.System, NullLogger<PlanFeed>.Instance);
        await feed.StartAsync(TestContext.Current.CancellationToken);
        var token = (await plans.GetAsync()).Version + 100;

        var version = await plans.PublishAsync(token, Plan("a", "b"));
        Assert.True(version > 0);
        await Eventually.TrueAsync(() => feed.Current.Version == version, TimeSpan.FromSeconds(20), "the plan is there");
        Assert.Equal(["a", "b"], feed.Current.Pools["default"].FillOrder);
        Assert.Equal(2, feed.Current.Warm["a"]["uid"]);

        Assert.Equal(0, await plans.PublishAsync(token - 1, Plan("c")));
        Assert.Equal(version, (await plans.GetAsync()).Version);
        Assert.Equal(version + 1, await plans.PublishAsync(token + 1, Plan("c")));
        await feed.StopAsync(TestContext.Current.CancellationToken);
    }

    private static ClusterPlan Plan(params string[] order) => new()
    {
        Pools = ImmutableSortedDictionary<string, PoolPlan>.Empty.Add("default", new() { FillOrder = [.. order], Emptying = [order[^1]] }),
        Warm = ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, int>>.Empty.Add(order[0], ImmutableSortedDictionary<string, int>.Empty.Add("uid", 2)),
    };
}
