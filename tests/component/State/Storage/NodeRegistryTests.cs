using Substrate.State.ComponentTests.Stores;
using Substrate.State.Nodes;
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

        Assert.True((await nodes.RenewAsync(status, Long, "")).Done);
        Assert.True((await nodes.RenewAsync(status with { Active = 3 }, Long, "")).Done);

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

        Assert.False((await nodes.RenewAsync(second, Long, "")).Done);
        Assert.False((await nodes.RenewAsync(second, Long, "somebody-else")).Done);
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

        Assert.True((await nodes.RenewAsync(second, Long, first.Incarnation)).Done);
        Assert.False((await nodes.RenewAsync(first, Long, "")).Done);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Renew_AfterTheLeaseRanOut_TakesOver(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var first = Fresh.Node();
        await nodes.RenewAsync(first, TimeSpan.FromMilliseconds(50), "");

        await Eventually.TrueAsync(
            async () => (await nodes.RenewAsync(first with { Incarnation = "second" }, Long, "")).Done, TimeSpan.FromSeconds(20), "the lease runs out");

        Assert.False((await nodes.RenewAsync(first, Long, "")).Done);
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
        Assert.True(await nodes.RemoveAsync(status.Id, 1));
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

    [Theory]
    [ClassData<EveryStore>]
    public async Task Condemn_OnceTheLeaseRanOut_MakesTheNodeEndItsActorsFirst(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var status = Fresh.Node();
        await nodes.RenewAsync(status, Long, "");
        Assert.False(await nodes.CondemnAsync(status.Id, 7));
        Assert.True((await nodes.RenewAsync(status, Long, "")).Done);

        await nodes.RenewAsync(status, TimeSpan.Zero, "");
        Assert.True(await nodes.CondemnAsync(status.Id, 7));

        // Neither the node nor its successor goes on as if nothing had happened; once what ran has ended, either does.
        Assert.Equal(RenewalOutcome.Lapsed, (await nodes.RenewAsync(status, Long, "")).Outcome);
        Assert.Equal(RenewalOutcome.Lapsed, (await nodes.RenewAsync(status with { Incarnation = "next" }, Long, status.Incarnation)).Outcome);
        Assert.False((await nodes.GetAsync(status.Id))!.Live);
        Assert.True((await nodes.RenewAsync(status, Long, "", ended: true)).Done);
        Assert.True((await nodes.RenewAsync(status, Long, "")).Done);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task CondemnAndRemove_ByAnOlderLeader_ChangeNothing(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var status = Fresh.Node();
        await nodes.RenewAsync(status, TimeSpan.Zero, "");
        Assert.True(await nodes.CondemnAsync(status.Id, 8));

        Assert.False(await nodes.CondemnAsync(status.Id, 7));
        Assert.False(await nodes.RemoveAsync(status.Id, 7));
        Assert.NotNull(await nodes.GetAsync(status.Id));
        Assert.True(await nodes.RemoveAsync(status.Id, 8));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Wish_OfAKnownNode_ComesBackWithItsRenewalAndItsRecord(StoreKind kind)
    {
        var nodes = new NodeRegistry(await stores.ConnectAsync(kind));
        var status = Fresh.Node();
        Assert.False(await nodes.WishAsync(status.Id, NodeWish.Drain));
        Assert.Equal(NodeWish.None, (await nodes.RenewAsync(status, Long, "")).Wish);

        Assert.True(await nodes.WishAsync(status.Id, NodeWish.Cordon));
        Assert.Equal(NodeWish.Cordon, (await nodes.RenewAsync(status, Long, "")).Wish);
        var lease = await nodes.GetAsync(status.Id);
        Assert.Equal(NodeWish.Cordon, lease!.Wish);
        Assert.False(lease.Open);
        Assert.True(lease.Live);
    }
}
