using System.Collections.Frozen;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.State.ComponentTests.Storage;

public sealed class ActorQueryTests(StoreProcesses stores)
{
    private static readonly Dictionary<string, string> Nothing = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData<EveryStore>]
    public async Task Query_ByEachProperty_GivesThoseActorsInOrder(StoreKind kind)
    {
        var (redis, actors, listing) = await OpenAsync(kind);
        var (one, two) = (new TemplateKey("t", Fresh.Name("one")), new TemplateKey("t", Fresh.Name("two")));

        // "a" and "a-b": the order of pairs is not the order of the joined text.
        var tenant = Fresh.Name("a");
        string[] atespaces = [tenant, tenant + "-b"];
        var atespaceStore = new AtespaceStore(redis, listing);
        foreach (var atespace in atespaces)
        {
            await atespaceStore.CreateAsync(atespace);
            foreach (var i in Enumerable.Range(0, 20))
            {
                var key = new ActorKey(atespace, $"x{i}");
                await actors.CreateAsync(key, "uid", i % 4 == 0 ? two : one, Nothing);
                if (i % 5 == 0)
                {
                    await actors.LabelAsync(key, new Dictionary<string, string> { ["team"] = tenant, ["n"] = i.ToString(System.Globalization.CultureInfo.InvariantCulture) });
                }
            }
        }

        var node = Fresh.Node();
        await new NodeRegistry(redis).RenewAsync(node, TimeSpan.FromMinutes(5), "");
        foreach (var i in new[] { 3, 4, 11 })
        {
            var key = new ActorKey(tenant, $"x{i}");
            var claim = await actors.ClaimAsync(key, "token", node.Id, TimeSpan.FromMinutes(1));
            await actors.RunningAsync(key, claim.Record!.Epoch, node.Id, "h:1");
        }

        async Task IsAsync(ActorQuery query, Func<ActorKey, int, bool> wanted)
        {
            var expected = atespaces.SelectMany(static a => Enumerable.Range(0, 20).Select(i => (Key: new ActorKey(a, $"x{i}"), i)))
                .Where(a => wanted(a.Key, a.i)).Select(static a => a.Key.ToString())
                .OrderBy(static k => k.Split('/')[0], StringComparer.Ordinal).ThenBy(static k => k.Split('/')[1], StringComparer.Ordinal).ToList();
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await AllAsync(listing, query, 3));
            Assert.Equal(expected, await AllAsync(listing, query, 1000));
        }

        await IsAsync(new() { Template = two }, static (_, i) => i % 4 == 0);
        await IsAsync(new() { Template = one, Atespace = tenant }, (k, i) => i % 4 != 0 && k.Atespace == tenant);
        await IsAsync(new() { Labels = new Dictionary<string, string> { ["team"] = tenant } }, static (_, i) => i % 5 == 0);
        await IsAsync(new() { Labels = new Dictionary<string, string> { ["team"] = tenant, ["n"] = "10" } }, static (_, i) => i == 10);
        await IsAsync(new() { Labels = new Dictionary<string, string> { ["team"] = tenant }, Template = two }, static (_, i) => i % 20 == 0);
        await IsAsync(new() { Node = node.Id }, (k, i) => k.Atespace == tenant && i is 3 or 4 or 11 && k.Atespace == tenant);
        await IsAsync(new() { Atespace = tenant, States = FrozenSet.Create(ActorState.Running) }, (k, i) => k.Atespace == tenant && i is 3 or 4 or 11 && k.Atespace == tenant);
        await IsAsync(new() { Template = one, States = FrozenSet.Create(ActorState.Suspended) }, (k, i) => i % 4 != 0 && !(k.Atespace == tenant && i is 3 or 11 && k.Atespace == tenant));
        Assert.Empty(await AllAsync(listing, new() { Atespace = tenant, States = FrozenSet.Create(ActorState.Paused) }, 5));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Query_NameMadeAgainOfAnotherTemplate_IsFoundUnderThatOneOnly(StoreKind kind)
    {
        var (_, actors, listing) = await OpenAsync(kind);
        var (one, two) = (new TemplateKey("t", Fresh.Name("one")), new TemplateKey("t", Fresh.Name("two")));
        for (var round = 0; round < 10; round++)
        {
            var key = Fresh.Actor();
            await actors.CreateAsync(key, "a", one, Nothing);
            await actors.LabelAsync(key, new Dictionary<string, string> { ["l"] = key.Name });
            await Task.WhenAll(
                Task.Run(() => actors.DeleteAsync(key, "a")),
                Task.Run(() => actors.CreateAsync(key, "b", two, Nothing)),
                Task.Run(() => actors.CreateAsync(key, "c", one, Nothing)),
                Task.Run(() => actors.DeleteAsync(key, "b")));

            var record = await actors.GetAsync(key);
            foreach (var template in new[] { one, two })
            {
                Assert.Equal(record?.Template == template ? [key.ToString()] : [], await AllAsync(listing, new() { Atespace = key.Atespace, Template = template }, 5));
            }

            Assert.Equal(record is null ? [] : [key.ToString()], await AllAsync(listing, new() { Atespace = key.Atespace }, 5));
            Assert.Equal(record?.Uid == "a" ? 1 : 0, (await AllAsync(listing, new() { Labels = new Dictionary<string, string> { ["l"] = key.Name } }, 5)).Count);
        }
    }

    private static async Task<List<string>> AllAsync(ActorListing listing, ActorQuery query, int size)
    {
        var (found, after) = (new List<string>(), default(ActorKey));
        while (true)
        {
            var page = await listing.QueryAsync(query, after, size, Cancel);
            Assert.True(page.Actors.Count <= size);
            found.AddRange(page.Actors.Select(static record => record.Key.ToString()));
            if (page.Next is not { } next)
            {
                return found;
            }

            after = next;
        }
    }

    private async Task<(StackExchange.Redis.IConnectionMultiplexer Redis, ActorStore Actors, ActorListing Listing)> OpenAsync(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var actors = new ActorStore(redis);
        return (redis, actors, new ActorListing(redis, actors));
    }
}
