using StackExchange.Redis;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Leadership;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Leadership;

public sealed class SchedulerLeaseTests(StoreProcesses stores)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [ClassData<EveryStore>]
    public async Task Keep_AsTheLeaseChangesHands_FencesByAGrowingToken(StoreKind kind)
    {
        var redis = await FreeAsync(kind);
        var (first, second) = (new SchedulerLease(redis, "first"), new SchedulerLease(redis, "second"));

        var one = await first.KeepAsync(Long);
        Assert.True(one > 0);
        Assert.Equal(one, await first.KeepAsync(Long));
        Assert.Equal(0, await second.KeepAsync(Long));

        // Who does not lead cannot give up what is not his.
        await second.GiveUpAsync();
        Assert.Equal(one, await first.KeepAsync(Long));

        await first.GiveUpAsync();
        var two = await second.KeepAsync(TimeSpan.FromMilliseconds(50));
        Assert.True(two > one, $"{two} after {one}");

        var three = 0L;
        await Eventually.TrueAsync(async () => (three = await first.KeepAsync(Long)) > 0, TimeSpan.FromSeconds(20), "the lease runs out");
        Assert.True(three > two, $"{three} after {two}");
        Assert.Equal(0, await second.KeepAsync(Long));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Keep_ByManyAtOnce_MakesOneLeader(StoreKind kind)
    {
        var redis = await FreeAsync(kind);

        var tokens = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => new SchedulerLease(redis, $"holder-{i}").KeepAsync(Long))));

        Assert.Single(tokens, static token => token > 0);
    }

    // The lease is one key of the whole installation; these tests alone use it and run one after the other.
    private async Task<IConnectionMultiplexer> FreeAsync(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        await redis.GetDatabase().KeyDeleteAsync(Keys.SchedulerLease);
        return redis;
    }
}
