using CsCheck;
using Substrate.Proxy.Activation;
using Substrate.State.Actors;

namespace Substrate.Proxy.UnitTests.Activation;

public sealed class HoldRuleTests
{
    private static readonly ProxyOptions Bounds = new()
    {
        HeldPerActor = 40,
        HeldPerAtespace = 60,
        HeldTotal = 100,
        HeldBytesPerActor = 4_000,
        HeldBytesPerAtespace = 6_000,
        HeldBytesTotal = 10_000,
    };

    private static readonly Gen<(int Actor, int Bytes)[]> Arrivals = Gen.Select(Gen.Int[0, 7], Gen.Int[1, 400]).Array[0, 400];

    [Fact]
    public void Take_AnyArrivals_StaysWithinEveryBound() => Arrivals.Sample(static arrivals =>
    {
        var ledger = new HoldLedger();
        var held = new Dictionary<ActorKey, Waiting>();
        foreach (var (actor, bytes) in arrivals)
        {
            var key = new ActorKey($"space-{actor % 2}", $"actor-{actor}");
            if (ledger.Take_NeedsLock(key, bytes, Bounds) is null)
            {
                held[key] = held.GetValueOrDefault(key).Plus(bytes);
            }
        }

        Assert.Equal(held.Values.Sum(static w => w.Count), ledger.Total.Count);
        Assert.InRange(ledger.Total.Count, 0, Bounds.HeldTotal);
        Assert.InRange(ledger.Total.Bytes, 0, Bounds.HeldBytesTotal);
        Assert.All(held.Values, static w => Assert.True(w.Count <= Bounds.HeldPerActor && w.Bytes <= Bounds.HeldBytesPerActor));
        Assert.All(
            held.GroupBy(static h => h.Key.Atespace),
            static g => Assert.True(g.Sum(static h => h.Value.Count) <= Bounds.HeldPerAtespace && g.Sum(static h => h.Value.Bytes) <= Bounds.HeldBytesPerAtespace));
    });

    [Fact]
    public void Take_OneActorFloods_EveryOtherAtespaceStillGetsPlaces()
    {
        var ledger = new HoldLedger();
        var flooding = new ActorKey("noisy", "flood");
        for (var i = 0; i < 1_000; i++)
        {
            ledger.Take_NeedsLock(flooding, 10, Bounds);
        }

        for (var i = 0; i < 10; i++)
        {
            Assert.Null(ledger.Take_NeedsLock(new($"calm-{i}", "actor"), 10, Bounds));
        }
    }

    [Fact]
    public void Take_AfterAllGaveBack_IsAsAtFirst() => Arrivals.Sample(static arrivals =>
    {
        var ledger = new HoldLedger();
        foreach (var taken in arrivals
            .Select(a => (Key: new ActorKey("s", $"a-{a.Actor}"), a.Bytes))
            .Where(a => ledger.Take_NeedsLock(a.Key, a.Bytes, Bounds) is null)
            .ToArray())
        {
            ledger.Give_NeedsLock(taken.Key, taken.Bytes);
        }

        Assert.Equal(default, ledger.Total);
        Assert.Null(ledger.Take_NeedsLock(new("s", "a-1"), 4_000, Bounds));
    });

    [Fact]
    public void Decide_EachBound_IsNamed()
    {
        Assert.Equal(HoldOutcome.ActorFull, HoldRule.Decide(new(40, 0), new(40, 0), new(40, 0), 1, Bounds));
        Assert.Equal(HoldOutcome.ActorFull, HoldRule.Decide(new(1, 3_990), new(1, 3_990), new(1, 3_990), 20, Bounds));
        Assert.Equal(HoldOutcome.AtespaceFull, HoldRule.Decide(new(1, 0), new(60, 0), new(60, 0), 1, Bounds));
        Assert.Equal(HoldOutcome.AtespaceFull, HoldRule.Decide(new(1, 10), new(2, 5_990), new(2, 5_990), 20, Bounds));
        Assert.Equal(HoldOutcome.ProxyFull, HoldRule.Decide(default, default, new(100, 0), 1, Bounds));
        Assert.Equal(HoldOutcome.ProxyFull, HoldRule.Decide(default, default, new(1, 9_990), 20, Bounds));
    }
}
