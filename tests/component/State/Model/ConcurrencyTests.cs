using System.Collections.Concurrent;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Transitions;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Model;

/// <summary>Many callers at the same actor at the same time.</summary>
public sealed class ConcurrencyTests(StoreProcesses stores)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    // State before and after each single change that there may be, with the growth of the epoch that goes with it.
    private static readonly HashSet<(ActorState, ActorState, long)> Edges =
    [
        (ActorState.Suspended, ActorState.Resuming, 1),
        (ActorState.Paused, ActorState.Resuming, 1),
        (ActorState.Paused, ActorState.Suspended, 0),
        (ActorState.Resuming, ActorState.Running, 0),
        (ActorState.Resuming, ActorState.Suspended, 0),
        (ActorState.Resuming, ActorState.Paused, 0),
        (ActorState.Running, ActorState.Suspending, 0),
        (ActorState.Running, ActorState.Pausing, 0),
        (ActorState.Running, ActorState.Suspended, 0),
        (ActorState.Running, ActorState.Paused, 0),
        (ActorState.Suspending, ActorState.Running, 0),
        (ActorState.Suspending, ActorState.Paused, 0),
        (ActorState.Suspending, ActorState.Suspended, 0),
        (ActorState.Pausing, ActorState.Running, 0),
        (ActorState.Pausing, ActorState.Paused, 0),
        (ActorState.Pausing, ActorState.Suspended, 0),
    ];

    [Theory]
    [ClassData<EveryStore>]
    public async Task Claim_ByManyAtOnce_LetsExactlyOneThrough(StoreKind kind)
    {
        var actors = new ActorStore(await stores.ConnectAsync(kind));
        var key = Fresh.Actor();
        var created = await actors.CreateAsync(key, "uid", Fresh.Template, new Dictionary<string, string>());

        var claims = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            Task.Run(() => actors.ClaimAsync(key, $"token-{i}", $"n{i}", TimeSpan.FromMinutes(1)))));

        var won = Assert.Single(claims, static claim => claim.Done);
        Assert.All(claims, claim => Assert.Equal(won.Record!.Node, claim.Record!.Node));
        Assert.All(claims.Where(static claim => !claim.Done), static claim => Assert.Equal(Outcome.WrongState, claim.Outcome));
        Assert.Equal(created.Record!.Epoch + 1, (await actors.GetAsync(key))!.Epoch);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Create_ByManyAtOnce_LetsExactlyOneThrough(StoreKind kind)
    {
        var actors = new ActorStore(await stores.ConnectAsync(kind));
        var key = Fresh.Actor();

        var creations = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Task.Run(() => actors.CreateAsync(key, $"uid-{i}", Fresh.Template, new Dictionary<string, string>()))));

        var won = Assert.Single(creations, static creation => creation.Done);
        Assert.All(creations, creation => Assert.Equal(won.Record!.Uid, creation.Record!.Uid));
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task AllTransitions_ByManyAtOnce_MakeOneUnbrokenHistory(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var actors = new ActorStore(redis);
        var events = new ActorEvents(redis, TimeProvider.System);
        var key = Fresh.Actor();
        var seen = new ConcurrentBag<ActorEvent>();
        events.Changed += change =>
        {
            if (change.Key == key)
            {
                seen.Add(change);
            }
        };
        await events.StartAsync(TestContext.Current.CancellationToken);
        await actors.CreateAsync(key, "uid", Fresh.Template, new Dictionary<string, string>());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(() => ActAsync(actors, key, new Random(seed)))));

        var last = (await actors.GetAsync(key))!;
        Assert.True(last.Version > 100, $"only {last.Version} changes got through");
        await Eventually.TrueAsync(() => seen.Count >= last.Version, Within, "an event for every change");
        await events.StopAsync(TestContext.Current.CancellationToken);
        var history = seen.OrderBy(static change => change.Version).ToArray();
        Assert.Equal(Enumerable.Range(1, (int)last.Version).Select(static v => (long)v), history.Select(static change => change.Version));
        foreach (var (before, after) in history.Zip(history.Skip(1)))
        {
            var same = before.State == after.State && before.Epoch == after.Epoch;
            Assert.True(same || Edges.Contains((before.State, after.State, after.Epoch - before.Epoch)), $"{before} to {after}");
        }
    }

    // One process that does anything at any time, by what it last saw, which others have changed since.
    private static async Task ActAsync(ActorStore actors, ActorKey key, Random random)
    {
        var verbs = Enum.GetValues<Verb>().Except([Verb.Create, Verb.Delete]).ToArray();
        var seen = (await actors.GetAsync(key))!;
        for (var i = 0; i < 150; i++)
        {
            var call = new Call(verbs[random.Next(verbs.Length)], seen.Epoch, $"n{random.Next(1, 3)}", $"n{random.Next(1, 3)}", random.Next(2) == 0)
            {
                Token = $"t{random.Next()}",
                Uid = seen.Uid,
                Snapshot = random.Next(2) == 0 ? seen.Snapshot?.Id ?? "none" : $"{seen.Epoch}-{random.Next()}",
            };
            seen = (await call.RunAsync(actors, key)).Record!;
        }
    }
}
