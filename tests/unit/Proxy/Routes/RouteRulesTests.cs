using Substrate.Proxy.Routes;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.UnitTests.Routes;

public sealed class RouteRulesTests
{
    [Theory]
    [InlineData(0, ActorState.Unspecified, 5, true)] // deleted
    [InlineData(11, ActorState.Pausing, 5, true)]
    [InlineData(11, ActorState.Suspending, 5, true)]
    [InlineData(11, ActorState.Suspended, 5, true)]
    [InlineData(14, ActorState.Running, 6, true)] // a later activation
    [InlineData(11, ActorState.Running, 5, false)] // for instance a new selector
    [InlineData(10, ActorState.Resuming, 5, false)] // late
    [InlineData(9, ActorState.Paused, 4, false)] // late
    public void Ends_Event_OnlyWhenNewerAndElsewhere(long version, ActorState state, long epoch, bool ends) =>
        Assert.Equal(ends, RouteRules.Ends(new ActorEvent(new("demo", "alice"), version, state, epoch), Bench.Record(epoch: 5, version: 10)));

    [Fact]
    public void Holds_RecordOfTheSameActivation_True() =>
        Assert.True(RouteRules.Holds(Bench.Record(epoch: 5, version: 99), Bench.Record(epoch: 5, version: 10)));

    [Fact]
    public void Holds_AnyOtherRecord_False()
    {
        var routed = Bench.Record(epoch: 5);
        Assert.False(RouteRules.Holds(null, routed));
        Assert.False(RouteRules.Holds(routed with { State = ActorState.Pausing }, routed));
        Assert.False(RouteRules.Holds(routed with { Epoch = 6 }, routed));
        Assert.False(RouteRules.Holds(routed with { Endpoint = "127.0.0.1:1" }, routed));
        Assert.False(RouteRules.Holds(routed with { Uid = "other" }, routed));
    }
}
