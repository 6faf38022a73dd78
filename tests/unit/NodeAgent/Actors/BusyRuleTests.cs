using Substrate.NodeAgent.Actors;

namespace Substrate.NodeAgent.UnitTests.Actors;

public sealed class BusyRuleTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromMilliseconds(200);

    [Theory]
    [InlineData(100, 180, true)]
    [InlineData(100, 110, false)]
    [InlineData(0, 500, false)]
    public void Computes_AboveTheShareOfACore(int before, int now, bool computes) =>
        Assert.Equal(computes, BusyRule.Computes(Used(before), Used(now), Elapsed));

    [Fact]
    public void FlowsAtWork_WithinTheSilenceAllowed_AreAllThatAreOpen() =>
        Assert.Equal(3, BusyRule.FlowsAtWork(3, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(5)));

    [Fact]
    public void FlowsAtWork_SilentForLonger_AreNone() =>
        Assert.Equal(0, BusyRule.FlowsAtWork(3, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));

    [Fact]
    public void FlowsAtWork_WhereOpenAlwaysCounts_AreAllThatAreOpen() =>
        Assert.Equal(1, BusyRule.FlowsAtWork(1, TimeSpan.FromDays(9), State.Templates.IdlePolicy.Always));

    [Fact]
    public void FlowsAtWork_WhereOpenNeverCounts_AreThoseThatMove()
    {
        Assert.Equal(1, BusyRule.FlowsAtWork(1, TimeSpan.FromMilliseconds(200), TimeSpan.Zero));
        Assert.Equal(0, BusyRule.FlowsAtWork(1, TimeSpan.FromSeconds(2), TimeSpan.Zero));
    }

    private static Sight Used(int milliseconds) => new(0, 0, TimeSpan.FromMilliseconds(milliseconds));
}
