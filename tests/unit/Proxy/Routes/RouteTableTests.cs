using Substrate.Proxy.Routing;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.UnitTests.Routes;

public sealed class RouteTableTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void TryEnter_ByPartsOfAText_FindsTheRouteOfExactlyThatActor()
    {
        _bench.Routes.Publish(Bench.Record(), null, Now);
        Assert.True(_bench.Routes.TryEnter(new ActorAddress("demo", "alice"), out var route));
        route!.Leave();
        Assert.False(_bench.Routes.TryEnter(new ActorAddress("other", "alice"), out _));
        Assert.False(_bench.Routes.TryEnter(new ActorAddress("alice", "demo"), out _));
        Assert.False(_bench.Routes.TryEnter(new ActorAddress("demo", "alic"), out _));
    }

    [Fact]
    public void TryEnter_Hit_AllocatesNothing()
    {
        _bench.Routes.Publish(Bench.Record(), null, Now);
        Measure();
        Assert.Equal(0, Measure());

        long Measure()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                _bench.Routes.TryEnter(new ActorAddress("demo", "alice"), out var route);
                route!.Leave();
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void TryEnter_NotComparedForTooLong_IsNoHit()
    {
        var route = _bench.Routes.Publish(Bench.Record(), null, Now);
        _bench.Time.Advance(_bench.Options.RouteMaxAge + TimeSpan.FromSeconds(1));
        Assert.False(_bench.Routes.TryEnter(new ActorAddress("demo", "alice"), out _));
        Assert.True(route.IsRetired);
    }

    [Fact]
    public void Publish_SameActivation_KeepsItsRoute() =>
        Assert.Same(_bench.Routes.Publish(Bench.Record(), null, Now), _bench.Routes.Publish(Bench.Record(version: 12), null, Now));

    [Fact]
    public void Publish_LaterActivation_RetiresTheEarlierRoute()
    {
        var early = _bench.Routes.Publish(Bench.Record(epoch: 1), null, Now);
        var late = _bench.Routes.Publish(Bench.Record(epoch: 2, version: 14), null, Now);
        Assert.True(early.IsRetired);
        _bench.Routes.Drop(early);
        Assert.False(late.IsRetired);
        Assert.Equal(1, _bench.Routes.Count);
    }

    [Fact]
    public void Hear_ActorBeingSuspended_DropsItsRouteAndNoOther()
    {
        var alice = _bench.Routes.Publish(Bench.Record(), null, Now);
        var bob = _bench.Routes.Publish(Bench.Record("bob"), null, Now);
        _bench.Routes.Hear(new ActorEvent(alice.Key, 11, ActorState.Pausing, 1));
        Assert.True(alice.IsRetired);
        Assert.False(bob.IsRetired);
    }

    private long Now => _bench.Time.GetTimestamp();
}
