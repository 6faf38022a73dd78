using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;

namespace Substrate.State.ComponentTests.Activation;

public sealed class AtespaceRulesTests(StoreProcesses stores)
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [ClassData<EveryStore>]
    public async Task Create_ByManyProcesses_StaysWithinTheQuotaAndFillsIt(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var actors = new ActorStore(redis);
        var atespaces = new AtespaceStore(redis, new ActorListing(redis, actors));
        var name = await MakeAsync(atespaces, new() { MaxActors = 10 });
        var feed = new AtespaceFeed(redis, atespaces, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<AtespaceFeed>.Instance);
        ActorAdmission[] processes = [.. Enumerable.Range(0, 4).Select(_ => new ActorAdmission(redis, actors, feed, TimeProvider.System))];

        var made = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => processes[i % 4].CreateAsync(new(name, $"x{i}"), Fresh.Template, Nothing))));

        Assert.Equal(10, made.Count(static m => m.Outcome == AdmissionOutcome.Created));
        Assert.All(made.Where(static m => m.Outcome != AdmissionOutcome.Created), m =>
            Assert.Equal($"Atespace {name} is over its quota: actors is limited to 10, 10 in use", m.Refusal!.ToString()));
        Assert.Equal(10, await atespaces.CountAsync(name));

        // A name that exists is no further actor, one that is deleted makes room, and one that could not be made takes none.
        var first = made.First(static m => m.Outcome == AdmissionOutcome.Created).Record!;
        Assert.Equal(AdmissionOutcome.Exists, (await processes[0].CreateAsync(first.Key, Fresh.Template, Nothing)).Outcome);
        await actors.DeleteAsync(first.Key, first.Uid);
        Assert.Equal(9, await atespaces.CountAsync(name));
        Assert.Equal(AdmissionOutcome.Created, (await processes[1].CreateAsync(new(name, "again"), Fresh.Template, Nothing)).Outcome);
        Assert.Equal(AdmissionOutcome.NoAtespace, (await processes[1].CreateAsync(Fresh.Actor(), Fresh.Template, Nothing)).Outcome);
        feed.Dispose();
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Set_ByTwoAtOnce_LetsOneThrough(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var atespaces = new AtespaceStore(redis, new ActorListing(redis, new ActorStore(redis)));
        var name = await MakeAsync(atespaces, new() { MaxActors = 3, Labels = AtespaceSettings.None.Labels.Add("team", "a") });

        var read = (await atespaces.GetAsync(name))!;
        Assert.Equal(("a", 3L), (read.Settings.Labels["team"], read.Settings.MaxActors));
        Assert.True(await atespaces.SetAsync(name, read.Settings with { MaxRunning = 1 }, read.Version));
        Assert.False(await atespaces.SetAsync(name, read.Settings with { MaxRunning = 2 }, read.Version));
        Assert.Equal(1, (await atespaces.WithSettingsAsync()).Single(a => a.Name == name).Settings.MaxRunning);
        Assert.False(await atespaces.SetAsync(Fresh.Name("nix"), read.Settings, 0));
    }

    [Fact]
    public async Task Activate_OverTheRunningQuota_WaitsForRoomAndThenSaysWhichQuota()
    {
        await using var world = await World.OpenAsync(stores);
        var node = await world.AddNodeAsync();
        var name = await MakeAsync(world.Atespaces, new() { MaxRunning = 2 });
        await world.Feed.RefreshAsync();
        ActorKey[] keys = [.. Enumerable.Range(0, 3).Select(i => new ActorKey(name, $"x{i}"))];
        await Task.WhenAll(keys.Select(key => world.Actors.CreateAsync(key, "uid", world.Template, Nothing)));

        var results = await Task.WhenAll(keys.Select(key => world.ActivateAsync(key, TimeSpan.FromSeconds(1))));
        var refused = Assert.Single(results, static r => r.Outcome != ActivationOutcome.Running);
        Assert.Equal(ActivationOutcome.OverQuota, refused.Outcome);
        Assert.Contains($"Atespace {name} is over its quota: running is limited to 2, 2 in use", refused.Reason, StringComparison.Ordinal);

        // One comes to rest while the third waits: nobody tells the ledger, whoever meets the limit looks.
        var waiting = world.ActivateAsync(refused.Record!.Key, World.Ample);
        var running = results.First(static r => r.Outcome == ActivationOutcome.Running).Record!;
        await world.Actors.BeginPauseAsync(running.Key, running.Epoch, World.Ample);
        await world.Actors.PausedAsync(running.Key, running.Epoch, "1-s", node.Id, 1);
        Assert.Equal(ActivationOutcome.Running, (await waiting).Outcome);
    }

    [Fact]
    public async Task Activate_OverTheMemoryQuota_CountsTheTemplatesMemory()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var name = await MakeAsync(world.Atespaces, new() { MaxMemoryBytes = 1 << 30 });
        await world.Feed.RefreshAsync();
        ActorKey[] keys = [.. Enumerable.Range(0, 3).Select(i => new ActorKey(name, $"x{i}"))];
        await Task.WhenAll(keys.Select(key => world.Actors.CreateAsync(key, "uid", world.Template, Nothing)));

        var results = await Task.WhenAll(keys.Select(key => world.ActivateAsync(key, TimeSpan.FromSeconds(1))));
        var refused = Assert.Single(results, static r => r.Outcome != ActivationOutcome.Running);
        Assert.Contains("memory is limited to 1024 MiB, 1024 MiB in use", refused.Reason, StringComparison.Ordinal);
        Assert.Equal((2L, 1L << 30), await new RunningQuota(await stores.ConnectAsync(StoreKind.Redis), world.Actors, world.Feed, TimeProvider.System).UseAsync(name));
    }

    [Fact]
    public async Task Activate_UnknownActor_IsMadeWhereTheAtespaceWantsIt()
    {
        await using var world = await World.OpenAsync(stores);
        await world.AddNodeAsync();
        var name = await MakeAsync(world.Atespaces, new() { MaxActors = 2, AutoCreate = world.Template });
        await world.Feed.RefreshAsync();

        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.ActivateAsync(new(name, "x"), World.Ample))));
        Assert.All(together, static r => Assert.Equal(ActivationOutcome.Running, r.Outcome));
        Assert.Single(together.Select(static r => r.Record!.Uid).Distinct());
        Assert.Equal(ActivationOutcome.Running, (await world.ActivateAsync(new(name, "y"), World.Ample)).Outcome);

        var over = await world.ActivateAsync(new(name, "z"), World.Ample);
        Assert.Equal((ActivationOutcome.OverQuota, $"Atespace {name} is over its quota: actors is limited to 2, 2 in use"), (over.Outcome, over.Reason));
        Assert.Equal(ActivationOutcome.NotFound, (await world.ActivateAsync(Fresh.Actor(), World.Ample)).Outcome);
    }

    private static async Task<string> MakeAsync(AtespaceStore atespaces, AtespaceSettings settings)
    {
        var name = Fresh.Name("tenant");
        await atespaces.CreateAsync(name);
        Assert.True(await atespaces.SetAsync(name, settings, 0));
        return name;
    }
}
