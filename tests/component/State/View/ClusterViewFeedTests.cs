using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.View;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.State.ComponentTests.View;

public sealed class ClusterViewFeedTests(StoreProcesses stores)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData<EveryStore>]
    public async Task Current_NodesJoinAndLeave_FollowsEachAnnouncement(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var nodes = new NodeRegistry(redis);

        // A clock that stands still: only announcements can move the view.
        using var feed = new ClusterViewFeed(redis, nodes, Plans(redis), new FakeTimeProvider(), NullLogger<ClusterViewFeed>.Instance);
        var first = feed.NextChange;
        await feed.StartAsync(Cancel);
        await first.WaitAsync(Within, TimeProvider.System, Cancel);
        var status = Fresh.Node();
        var change = feed.NextChange;

        await nodes.RenewAsync(status, TimeSpan.FromHours(1), "");
        await Eventually.TrueAsync(() => AnnouncedAsync(nodes, status.Id, () => feed.Current.Find(status.Id) is not null), Within, "the node is in view");
        Assert.True(change.IsCompletedSuccessfully);

        await nodes.LeaveAsync(status);
        await Eventually.TrueAsync(() => feed.Current.Find(status.Id) is null, Within, "the node is out of view");
        await feed.StopAsync(Cancel);
    }

    [Fact]
    public async Task Current_StoreGoneForAWhile_StaysAndThenRecovers()
    {
        await using var server = new RedisServer { AppendOnly = true };
        await server.InitializeAsync();
        var options = new RedisOptions { ConnectionString = server.ConnectionString, Timeout = TimeSpan.FromSeconds(1) };
        await using var redis = StateServices.Connect(options);
        var nodes = new NodeRegistry(redis);
        var status = Fresh.Node();
        await nodes.RenewAsync(status, TimeSpan.FromHours(1), "");
        var log = new Microsoft.Extensions.Logging.Testing.FakeLogger<ClusterViewFeed>();
        using var feed = new ClusterViewFeed(redis, nodes, Plans(redis), TimeProvider.System, log);
        await feed.StartAsync(Cancel);
        await Eventually.TrueAsync(() => feed.Current.Nodes.Length == 1, Within, "the node is in view");

        await server.StopAsync();
        await Eventually.TrueAsync(() => log.Collector.Count > 0, Within, "the feed says that it could not refresh");
        Assert.Equal(status.Id, Assert.Single(feed.Current.Nodes).Status.Id);

        await server.StartAsync();
        var change = feed.NextChange;
        await change.WaitAsync(Within, TimeProvider.System, Cancel);
        Assert.Equal(status.Id, Assert.Single(feed.Current.Nodes).Status.Id);
        await feed.StopAsync(Cancel);
    }

    private static async Task<bool> AnnouncedAsync(NodeRegistry nodes, string id, Func<bool> seen)
    {
        await nodes.AnnounceAsync(id);
        return seen();
    }

    private static PlanFeed Plans(StackExchange.Redis.IConnectionMultiplexer redis) =>
        new(redis, new PlanStore(redis), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<PlanFeed>.Instance);
}
