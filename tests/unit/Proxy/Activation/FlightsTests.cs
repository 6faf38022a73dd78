using Substrate.Proxy.Activation;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.UnitTests.Activation;

public sealed class FlightsTests : IDisposable
{
    private static readonly ActorKey Alice = new("demo", "alice");
    private static readonly ActorKey Bob = new("demo", "bob");

    private readonly Bench _bench = new(new ProxyOptions { HeldPerActor = 3, HeldTotal = 6, HoldTimeout = TimeSpan.FromSeconds(10) });

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Hold_ManyRequestsForOneActor_ShareOneActivation()
    {
        var held = new[] { Hold(Alice), Hold(Alice), Hold(Alice) };
        Assert.Single(_bench.Activation.Calls).Runs(Bench.Record());
        var routes = await Task.WhenAll(held);
        Assert.All(routes, r => Assert.Equal(HoldOutcome.Up, r.Outcome));
        Assert.Single(routes.Select(static r => r.Route).Distinct());
        Assert.Equal(0, _bench.Flights.HeldNow);
    }

    [Fact]
    public async Task Hold_ActivationEndsBeforeItsCallReturns_StillAnswersAndLeavesNoFlightBehind()
    {
        for (var i = 0; i < 3; i++)
        {
            var held = Hold(Alice);
            _bench.Activation.Calls.Last().Ends(ActivationOutcome.NotFound);
            Assert.Equal(HoldOutcome.NotUp, (await held).Outcome);
        }

        Assert.Equal(3, _bench.Activation.Calls.Count);
    }

    [Fact]
    public async Task Hold_CallerLeaves_TheActivationGoesOnForTheOthers()
    {
        using var caller = new CancellationTokenSource();
        var leaving = _bench.Flights.HoldAsync(Alice, -1, 1_000, _bench.Options.HoldTimeout, caller.Token);
        var staying = Hold(Alice);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(1, _bench.Flights.HeldNow);
        var call = Assert.Single(_bench.Activation.Calls);
        Assert.False(call.Token.IsCancellationRequested);
        call.Runs(Bench.Record());
        Assert.Equal(HoldOutcome.Up, (await staying).Outcome);
    }

    [Fact]
    public async Task Hold_OnlyCallerLeaves_TheActivationGoesOnAndItsRouteIsPublished()
    {
        using var caller = new CancellationTokenSource();
        var leaving = _bench.Flights.HoldAsync(Alice, -1, 1_000, _bench.Options.HoldTimeout, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var next = Hold(Alice);
        Assert.Single(_bench.Activation.Calls).Runs(Bench.Record());
        await next;
        Assert.Equal(1, _bench.Routes.Count);
    }

    [Fact]
    public async Task Hold_QueueOfOneActorFull_RefusesOnlyThatActorUntilAPlaceIsFree()
    {
        using var caller = new CancellationTokenSource();
        var leaving = _bench.Flights.HoldAsync(Alice, -1, 1_000, _bench.Options.HoldTimeout, caller.Token);
        var held = new[] { Hold(Alice), Hold(Alice) };
        Assert.Equal(HoldOutcome.ActorFull, (await Hold(Alice)).Outcome);
        var bob = Hold(Bob);
        Assert.Equal(HoldOutcome.AtespaceFull, (await Hold(Bob)).Outcome);
        var others = new[] { Hold(new("other", "carol")), Hold(new("third", "dave")) };
        Assert.Equal(HoldOutcome.ProxyFull, (await Hold(new("fourth", "eve"))).Outcome);

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var late = Hold(new("fourth", "eve"));
        foreach (var call in _bench.Activation.Calls)
        {
            call.Runs(Bench.Record() with { Key = call.Key });
        }

        Assert.All(await Task.WhenAll([.. held, .. others, bob, late]), r => Assert.Equal(HoldOutcome.Up, r.Outcome));
        Assert.Equal(0, _bench.Flights.HeldNow);
    }

    [Fact]
    public async Task Hold_TimeUp_EndsWithoutEndingTheWork()
    {
        var held = Hold(Alice);
        _bench.Time.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(HoldOutcome.TimeUp, (await held).Outcome);
        Assert.False(_bench.Activation.Calls.Single().Token.IsCancellationRequested);
        Assert.Equal(0, _bench.Flights.HeldNow);
    }

    [Fact]
    public async Task Hold_JoinedWorkThatRunsOutOfTime_IsBegunAgainForWhoStillHasTime()
    {
        var early = Hold(Alice);
        _bench.Time.Advance(TimeSpan.FromSeconds(9));
        var late = Hold(Alice);
        _bench.Activation.Calls.Single().Ends(ActivationOutcome.NoRoom);
        var first = await early;
        Assert.Equal((HoldOutcome.NotUp, ActivationOutcome.NoRoom), (first.Outcome, first.Result!.Outcome));
        await WaitForCallsAsync(2);
        _bench.Activation.Calls.Last().Runs(Bench.Record());
        Assert.Equal(HoldOutcome.Up, (await late).Outcome);
    }

    [Fact]
    public async Task Hold_JoinsWorkWithADeadEpoch_TheWorkDoesNotEndWithThatEpoch()
    {
        var first = Hold(Alice);
        var refused = _bench.Flights.HoldAsync(Alice, 7, 1_000, _bench.Options.HoldTimeout, CancellationToken.None);
        _bench.Activation.Calls.Single().Runs(Bench.Record(epoch: 7));
        await WaitForCallsAsync(2);
        var again = _bench.Activation.Calls.Last();
        Assert.Equal(7, again.DeadEpoch);
        again.Runs(Bench.Record(epoch: 8, version: 20));
        Assert.Equal([8, 8], (await Task.WhenAll(first, refused)).Select(static r => r.Route!.Epoch));
    }

    [Fact]
    public async Task Hold_ActorLeftRunningBeforeItsRouteWasPublished_IsBroughtUpAgain()
    {
        var held = Hold(Alice);
        _bench.Flights.Hear(new ActorEvent(Alice, 11, ActorState.Pausing, 1));
        _bench.Activation.Calls.Single().Runs(Bench.Record(version: 10));
        await WaitForCallsAsync(2);
        _bench.Activation.Calls.Last().Runs(Bench.Record(epoch: 2, version: 14));
        Assert.Equal(2, (await held).Route!.Epoch);
    }

    [Fact]
    public async Task Hold_ActivationThrows_AnswersFailedWithTheReason()
    {
        var held = Hold(Alice);
        _bench.Activation.Calls.Single().Answer.SetException(new InvalidDataException("broken record"));
        var answer = await held;
        Assert.Equal(ActivationOutcome.Failed, answer.Result!.Outcome);
        Assert.Contains("broken record", answer.Result.Reason, StringComparison.Ordinal);
    }

    private Task<Held> Hold(ActorKey key) => _bench.Flights.HoldAsync(key, -1, 1_000, _bench.Options.HoldTimeout, CancellationToken.None);

    private async Task WaitForCallsAsync(int count)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (_bench.Activation.Calls.Count < count)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(10), $"{count} activations begin");
            await Task.Yield();
        }
    }
}
