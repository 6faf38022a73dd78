using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Storage;

public sealed class NodeRegistryTests(StoreProcesses stores)
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Theory]
    [ClassData<EveryStore>]
    public async Task Renew_ByItsProcess_PublishesTheStatus(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var status = Fresh.Node() with { Active = 2 };
        status = status with { Labels = status.Labels.Add("zone", "a"), Warm = status.Warm.Add("uid", 3) };

        Assert.True(await nodes.RenewAsync(status, Long, ""));
        Assert.True(await nodes.RenewAsync(status with { Active = 3 }, Long, ""));

        var lease = await nodes.GetAsync(status.Id);
        Assert.Equivalent(status with { Active = 3 }, lease!.Status, strict: true);
        Assert.True(lease.Live);
        Assert.InRange(lease.Remaining, Long - TimeSpan.FromMinutes(1), Long);
        Assert.Contains(await nodes.ListAsync(), known => known.Status.Id == status.Id);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Renew_ByAnotherProcessWhileHeld_IsRefused(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var first = Fresh.Node();
        var second = first with { Incarnation = "second", Address = "http://127.0.0.1:9" };
        await nodes.RenewAsync(first, Long, "");

        Assert.False(await nodes.RenewAsync(second, Long, ""));
        Assert.False(await nodes.RenewAsync(second, Long, "somebody-else"));
        Assert.Equal(first.Incarnation, (await nodes.GetAsync(first.Id))!.Status.Incarnation);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Renew_ByTheSuccessor_TakesOverAndShutsTheFormerOut(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var first = Fresh.Node();
        var second = first with { Incarnation = "second" };
        await nodes.RenewAsync(first, Long, "");

        Assert.True(await nodes.RenewAsync(second, Long, first.Incarnation));
        Assert.False(await nodes.RenewAsync(first, Long, ""));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Renew_AfterTheLeaseRanOut_TakesOver(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var first = Fresh.Node();
        await nodes.RenewAsync(first, TimeSpan.FromMilliseconds(50), "");

        await Eventually.TrueAsync(
            () => nodes.RenewAsync(first with { Incarnation = "second" }, Long, ""), TimeSpan.FromSeconds(20), "the lease runs out");

        Assert.False(await nodes.RenewAsync(first, Long, ""));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Leave_Live_EndsTheLeaseAtOnce(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var status = Fresh.Node();
        await nodes.RenewAsync(status, Long, "");

        Assert.True(await nodes.LeaveAsync(status));

        Assert.False((await nodes.GetAsync(status.Id))!.Live);
        await nodes.RemoveAsync(status.Id);
        Assert.Null(await nodes.GetAsync(status.Id));
        Assert.DoesNotContain(await nodes.ListAsync(), known => known.Status.Id == status.Id);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Actors_OfANode_IncludeEveryClaimAndReplacement(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var (nodes, actors) = (new NodeRegistry(redis), new ActorStore(redis));
        var (first, second) = (Fresh.Name("node"), Fresh.Name("node"));
        var key = Fresh.Actor();
        await actors.CreateAsync(key, "uid", Fresh.Template, new Dictionary<string, string>());
        var claim = await actors.ClaimAsync(key, "token", first, Long);
        await actors.ReplaceAsync(key, claim.Record!.Epoch, first, second, Long);

        Assert.Equal([key], await nodes.ActorsAsync(first));
        Assert.Equal([key], await nodes.ActorsAsync(second));

        await nodes.ForgetActorAsync(first, key);
        Assert.Empty(await nodes.ActorsAsync(first));
    }
}
