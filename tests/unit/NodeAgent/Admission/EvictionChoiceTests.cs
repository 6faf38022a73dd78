using CsCheck;
using Substrate.NodeAgent.Admission;

namespace Substrate.NodeAgent.UnitTests.Admission;

public sealed class EvictionChoiceTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public void Choose_AmongEqualsInSize_TakesTheOneQuietForLongest() =>
        Assert.Equal(1, EvictionChoice.Choose([Candidate(0, 5), Candidate(1, 9), Candidate(2, 1)]));

    [Fact]
    public void Choose_AmongEquallyQuiet_TakesTheLargest() =>
        Assert.Equal(1, EvictionChoice.Choose([Candidate(0, 5, 10), Candidate(1, 5, 900), Candidate(2, 5, 20)]));

    [Fact]
    public void Choose_OneThatIsAskedForAllTheTime_IsKeptThoughItWasQuietForLonger() =>
        Assert.Equal(1, EvictionChoice.Choose([Candidate(0, 9) with { UsualGap = TimeSpan.FromSeconds(5) }, Candidate(1, 5)]));

    [Fact]
    public void Choose_OneThatIsNoLongerAskedFor_GoesInTheEnd() =>
        Assert.Equal(0, EvictionChoice.Choose([Candidate(0, 90) with { UsualGap = TimeSpan.FromSeconds(5) }, Candidate(1, 5)]));

    [Fact]
    public void Choose_AheadOfTime_LeavesThoseThatWereJustInUse() =>
        Assert.Equal(-1, EvictionChoice.Choose([Candidate(0, 1), Candidate(1, 0)], TimeSpan.FromSeconds(2)));

    [Fact]
    public void Choose_WhenAllAreProtected_TakesNone() =>
        Assert.Equal(-1, EvictionChoice.Choose([Candidate(0, 5) with { Protected = true }]));

    [Fact]
    public void Choose_WithNobodyThere_TakesNone() => Assert.Equal(-1, EvictionChoice.Choose([]));

    [Fact]
    public void Choose_Always_TakesAnUnprotectedOneThatNoOtherBeatsInBoth() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 1000], Gen.Bool).Array[0, 20].Sample(values =>
        {
            var candidates = values.Select((v, i) => Candidate(i, v.Item1, v.Item2) with { Protected = v.Item3 }).ToArray();
            var chosen = EvictionChoice.Choose(candidates);
            return chosen == -1
                ? candidates.All(static c => c.Protected)
                : !candidates[chosen].Protected && !candidates.Any(c =>
                    !c.Protected && c.Quiet > candidates[chosen].Quiet && c.MemoryBytes > candidates[chosen].MemoryBytes);
        });

    private static EvictionCandidate Candidate(int index, int quietSeconds, int megabytes = 10) =>
        new(index, TimeSpan.FromSeconds(quietSeconds), VisitHistory.Unknown, megabytes * Megabyte, false);
}
