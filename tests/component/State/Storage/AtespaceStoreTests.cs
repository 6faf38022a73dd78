using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;

namespace Substrate.State.ComponentTests.Storage;

public sealed class AtespaceStoreTests(StoreProcesses stores)
{
    private static readonly Dictionary<string, string> NoSelector = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData<EveryStore>]
    public async Task Create_Twice_IsDoneOnce(StoreKind kind)
    {
        var (atespaces, _) = await OpenAsync(kind);
        var name = Fresh.Name("tenant");

        Assert.True(await atespaces.CreateAsync(name));
        Assert.False(await atespaces.CreateAsync(name));
        Assert.True(await atespaces.ExistsAsync(name));
        Assert.Contains(name, await atespaces.ListAsync());
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Delete_WithActors_LeavesItUsable(StoreKind kind)
    {
        var (atespaces, actors) = await OpenAsync(kind);
        var name = Fresh.Name("tenant");
        await atespaces.CreateAsync(name);
        await actors.CreateAsync(new ActorKey(name, "a"), "uid", Fresh.Template, NoSelector);

        Assert.False(await atespaces.DeleteAsync(name, Cancel));
        Assert.True(await atespaces.ExistsAsync(name));

        await actors.DeleteAsync(new ActorKey(name, "a"), "uid");
        Assert.True(await atespaces.DeleteAsync(name, Cancel));
        Assert.False(await atespaces.ExistsAsync(name));
        Assert.DoesNotContain(name, await atespaces.ListAsync());
        Assert.Null(await atespaces.DeleteAsync(name, Cancel));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Delete_WhileAnActorIsCreated_NeverLeavesAnActorWithoutAtespace(StoreKind kind)
    {
        var (atespaces, actors) = await OpenAsync(kind);
        for (var round = 0; round < 40; round++)
        {
            var key = Fresh.Actor();
            await atespaces.CreateAsync(key.Atespace);

            var deleting = Task.Run(() => atespaces.DeleteAsync(key.Atespace, Cancel), Cancel);
            var creating = Task.Run(() => CreateAsAnyoneMustAsync(atespaces, actors, key), Cancel);
            var created = await creating;
            var deleted = await deleting;

            Assert.False(created && deleted == true, "the atespace is gone and the actor was created");
            Assert.Equal(created, await actors.GetAsync(key) is not null);
            Assert.Equal(deleted != true, await atespaces.ExistsAsync(key.Atespace));
        }
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Delete_ByManyWhileCreatedAgain_KeepsTheNewOneOrTellsItGone(StoreKind kind)
    {
        var (atespaces, _) = await OpenAsync(kind);
        for (var round = 0; round < 20; round++)
        {
            var name = Fresh.Name("tenant");
            await atespaces.CreateAsync(name);
            var deletes = Enumerable.Range(0, 3).Select(_ => Task.Run(() => atespaces.DeleteAsync(name, Cancel), Cancel)).ToArray();
            var created = await atespaces.CreateAsync(name);
            var deleted = await Task.WhenAll(deletes);

            // As many deletes took effect as there were atespaces, or one fewer and the last one stands.
            var gone = deleted.Count(static d => d == true);
            Assert.Equal((created ? 2 : 1) - gone == 1, await atespaces.ExistsAsync(name));
        }
    }

    // The order that the class prescribes: the record first, then a look for the mark.
    private static async Task<bool> CreateAsAnyoneMustAsync(AtespaceStore atespaces, ActorStore actors, ActorKey key)
    {
        await actors.CreateAsync(key, "uid", Fresh.Template, NoSelector);
        if (await atespaces.ExistsAsync(key.Atespace))
        {
            return true;
        }

        await actors.DeleteAsync(key, "uid");
        return false;
    }

    private async Task<(AtespaceStore Atespaces, ActorStore Actors)> OpenAsync(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var actors = new ActorStore(redis);
        return (new AtespaceStore(redis, new ActorListing(redis, actors)), actors);
    }
}
