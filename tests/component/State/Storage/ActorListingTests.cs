using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;

namespace Substrate.State.ComponentTests.Storage;

public sealed class ActorListingTests(StoreProcesses stores)
{
    private static readonly Dictionary<string, string> NoSelector = [];

    [Theory]
    [ClassData<EveryStore>]
    public async Task Page_ByPage_GivesAllInOrder(StoreKind kind)
    {
        var (actors, listing) = await OpenAsync(kind);
        var atespace = Fresh.Name("tenant");
        var names = Enumerable.Range(0, 57).Select(static i => $"actor-{i * 7919 % 1000}").ToArray();
        await Task.WhenAll(names.Select(name => actors.CreateAsync(new ActorKey(atespace, name), "uid", Fresh.Template, NoSelector)));
        await actors.CreateAsync(new ActorKey(Fresh.Name("other"), names[0]), "uid", Fresh.Template, NoSelector);

        var listed = await AllAsync(listing, atespace, 10);

        Assert.Equal(names.Order(StringComparer.Ordinal), listed);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Page_WhileOthersComeAndGo_GivesEachStayingActorOnce(StoreKind kind)
    {
        var (actors, listing) = await OpenAsync(kind);
        var atespace = Fresh.Name("tenant");
        var staying = Enumerable.Range(0, 40).Select(static i => $"s{i:00}").ToArray();
        await Task.WhenAll(staying.Select(name => actors.CreateAsync(new ActorKey(atespace, name), "uid", Fresh.Template, NoSelector)));
        using var stop = new CancellationTokenSource();
        var churn = Enumerable.Range(0, 4).Select(seed => Task.Run(() => ChurnAsync(actors, atespace, seed, stop.Token))).ToArray();

        for (var round = 0; round < 15; round++)
        {
            var listed = await AllAsync(listing, atespace, 7);
            Assert.Equal(listed.Order(StringComparer.Ordinal).Distinct(), listed);
            Assert.Equal(staying, listed.Where(static name => name.StartsWith('s')));
        }

        await stop.CancelAsync();
        await Task.WhenAll(churn);
        Assert.Equal(staying, await AllAsync(listing, atespace, 7));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Name_CreatedAndDeletedByManyAtOnce_IsListedExactlyWhenItExists(StoreKind kind)
    {
        var (actors, listing) = await OpenAsync(kind);
        for (var round = 0; round < 20; round++)
        {
            var key = Fresh.Actor();
            await actors.CreateAsync(key, "a", Fresh.Template, NoSelector);
            await Task.WhenAll(
                Task.Run(() => actors.DeleteAsync(key, "a")),
                Task.Run(() => actors.CreateAsync(key, "b", Fresh.Template, NoSelector)),
                Task.Run(() => actors.DeleteAsync(key, "b")),
                Task.Run(() => actors.CreateAsync(key, "c", Fresh.Template, NoSelector)));

            var exists = await actors.GetAsync(key) is not null;
            Assert.Equal(exists ? [key.Name] : [], await AllAsync(listing, key.Atespace, 5));
            Assert.Equal(exists, await listing.AnyAsync(key.Atespace, TestContext.Current.CancellationToken));
        }
    }

    private static async Task ChurnAsync(ActorStore actors, string atespace, int seed, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var key = new ActorKey(atespace, $"c{(i * 13) % 10}{seed}");
            await actors.CreateAsync(key, $"uid-{i}", Fresh.Template, NoSelector);
            await actors.DeleteAsync(key, $"uid-{i}");
        }
    }

    private static async Task<List<string>> AllAsync(ActorListing listing, string atespace, int size)
    {
        var names = new List<string>();
        while (true)
        {
            var page = await listing.PageAsync(atespace, names.LastOrDefault(""), size, TestContext.Current.CancellationToken);
            Assert.True(page.Count <= size);
            names.AddRange(page.Select(static record => record.Key.Name));
            if (page.Count < size)
            {
                return names;
            }
        }
    }

    private async Task<(ActorStore Actors, ActorListing Listing)> OpenAsync(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var actors = new ActorStore(redis);
        return (actors, new ActorListing(redis, actors));
    }
}
