using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Networks;
using Substrate.TestSupport.Processes;

namespace Substrate.NodeAgent.UnitTests.Networks;

public sealed class PortRingTests : IDisposable
{
    private readonly ScratchDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();

    private string Position => Path.Combine(_directory.Path, "ports");

    [Fact]
    public void Next_HandsOutEachPortOfTheRangeBeforeAnyAgain()
    {
        var ring = new PortRing(Position, 12000, 1000, _time);

        var first = Enumerable.Range(0, 1000).Select(_ => ring.Next()).ToArray();

        Assert.Equal(1000, first.Distinct().Count());
        Assert.All(first, static port => Assert.InRange(port, 12000, 12999));
        Assert.Throws<NetworkException>(() => ring.Next());
        _time.Advance(PortRing.MinimumAge);
        Assert.Equal(first[0], ring.Next());
    }

    [Fact]
    public void Next_AfterARestart_RepeatsNoneOfTheRecentOnes()
    {
        var before = new PortRing(Position, 12000, 1000, _time);
        var used = Enumerable.Range(0, 300).Select(_ => before.Next()).ToHashSet();

        var after = new PortRing(Position, 12000, 1000, _time);

        Assert.DoesNotContain(Enumerable.Range(0, 400).Select(_ => after.Next()), used.Contains);
    }

    [Fact]
    public void Next_WithAPositionFileThatSaysNothing_StartsAtTheFirst()
    {
        File.WriteAllText(Position, "rubbish");

        Assert.Equal(12000, new PortRing(Position, 12000, 1000, _time).Next());
    }

    public void Dispose() => _directory.Dispose();
}
