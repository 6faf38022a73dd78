using System.Collections.Concurrent;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.TestSupport.Polling;

namespace Substrate.State.ComponentTests.Storage;

public sealed class ActorEventsTests(StoreProcesses stores)
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(20);
    private static readonly Dictionary<string, string> NoSelector = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [ClassData<EveryStore>]
    public async Task Changed_EveryTransitionOfAnyActor_IsHeard(StoreKind kind)
    {
        var (events, actors) = await OpenAsync(kind);
        var heard = new ConcurrentBag<ActorEvent>();
        events.Changed += heard.Add;
        var keys = Enumerable.Range(0, 40).Select(static _ => Fresh.Actor()).ToArray();

        var epochs = new Dictionary<ActorKey, long>();
        foreach (var key in keys)
        {
            await actors.CreateAsync(key, "uid", Fresh.Template, NoSelector);
            epochs[key] = (await actors.ClaimAsync(key, "token", "n1", TimeSpan.FromMinutes(1))).Record!.Epoch;
            await actors.FailAsync(key, epochs[key], "n1", "no");
            await actors.DeleteAsync(key, "uid");
        }

        foreach (var key in keys)
        {
            ActorEvent[] expected =
            [
                new(key, 1, ActorState.Suspended, epochs[key] - 1),
                new(key, 2, ActorState.Resuming, epochs[key]),
                new(key, 3, ActorState.Suspended, epochs[key]),
                new(key, 0, ActorState.Unspecified, epochs[key]),
            ];
            await Eventually.TrueAsync(() => expected.All(e => heard.Contains(e)), Within, $"all events of {key}");
        }

        await events.StopAsync(Cancel);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Watch_ItsActorChanges_EndsTheWait(StoreKind kind)
    {
        var (events, actors) = await OpenAsync(kind);
        var (key, other) = (Fresh.Actor(), Fresh.Actor());
        using var watch = events.Open(key);
        using var second = events.Open(key);
        var (next, alsoNext) = (watch.NextEvent, second.NextEvent);

        await actors.CreateAsync(other, "uid", Fresh.Template, NoSelector);
        Assert.False(next.IsCompleted);
        await actors.CreateAsync(key, "uid", Fresh.Template, NoSelector);

        await events.WaitAsync(next, Within, Cancel);
        Assert.True(next.IsCompletedSuccessfully);
        await events.WaitAsync(alsoNext, Within, Cancel);
        Assert.True(alsoNext.IsCompletedSuccessfully);
        Assert.False(watch.NextEvent.IsCompleted);
        await events.StopAsync(Cancel);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Watch_OneOfTwoClosed_TheOtherGoesOn(StoreKind kind)
    {
        var (events, actors) = await OpenAsync(kind);
        var key = Fresh.Actor();
        using var watch = events.Open(key);
        events.Open(key).Dispose();
        var next = watch.NextEvent;

        await actors.CreateAsync(key, "uid", Fresh.Template, NoSelector);

        await events.WaitAsync(next, Within, Cancel);
        Assert.True(next.IsCompletedSuccessfully);
        await events.StopAsync(Cancel);
    }

    private async Task<(ActorEvents Events, ActorStore Actors)> OpenAsync(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var events = new ActorEvents(redis, TimeProvider.System);
        await events.StartAsync(Cancel);
        return (events, new ActorStore(redis));
    }
}
