using CsCheck;
using Substrate.Scheduler.Pressure;
using Substrate.Scheduler.UnitTests.Census;

namespace Substrate.Scheduler.UnitTests.Pressure;

public sealed class PressureDecisionTests
{
    private const long Mebibyte = 1024 * 1024;

    [Fact]
    public void Missing_PoolNearlyFull_IsWhatTheHeadroomLacks()
    {
        var full = Given.Lease("a", slots: 10, active: 10).Status;
        var roomy = Given.Lease("b", slots: 10, active: 9).Status;

        Assert.Equal(new Shortage(1, 0), PressureDecision.Missing([full, roomy], 0.1));
        Assert.False(PressureDecision.Missing([full, roomy with { Active = 8 }], 0.1).Any);
        Assert.False(PressureDecision.Missing([full], 0).Any);
        Assert.Equal(1, PressureDecision.Missing([Given.Lease("c", slots: 3, active: 3).Status], 0.1).Slots);
    }

    [Fact]
    public void Missing_MemoryNearlyFull_CountsBytes() =>
        Assert.Equal(50, PressureDecision.Missing([Given.Lease("a", slots: 10, active: 1).Status with { MemoryBytes = 1000, MemoryTaken = 950 }], 0.1).Bytes);

    [Fact]
    public void Choose_Anyone_TakesNoMoreThanNeededAndTheBestFirst() =>
        Gen.Select(Gen.Int[1, 10_000], Gen.Int[0, 4096]).Array[0, 20].Select(Gen.Int[0, 10], Gen.Int[0, 8192]).Sample(static (all, slots, megabytes) =>
        {
            var candidates = all.Select(static (c, i) => Candidate($"a{i}", c.Item1, c.Item2)).ToList();
            var missing = new Shortage(slots, megabytes * Mebibyte);
            var chosen = PressureDecision.Choose(candidates, missing);
            var freed = chosen.Sum(static c => c.MemoryBytes);
            var enough = chosen.Count >= slots && freed >= missing.Bytes;
            var oneLess = chosen.SkipLast(1).ToList();
            return chosen.Distinct().Count() == chosen.Count
                && (enough || chosen.Count == candidates.Count)
                && (chosen.Count == 0 || oneLess.Count < slots || oneLess.Sum(static c => c.MemoryBytes) < missing.Bytes);
        });

    [Fact]
    public void Choose_EqualMemory_TakesTheOneUnusedForLongest() =>
        Assert.Equal("old", First(Candidate("new", 10, 16), Candidate("old", 20, 16)));

    [Fact]
    public void Choose_TheCheapToBringBack_GoesBeforeTheHugeThatIsIdleForLittleLonger() =>
        Assert.Equal("small", First(Candidate("small", 60, 16), Candidate("huge", 61, 4096)));

    [Fact]
    public void Choose_TheHugeThatIsIdleForFarLonger_GoesFirst() =>
        Assert.Equal("huge", First(Candidate("small", 60, 16), Candidate("huge", 600, 4096)));

    private static string First(params Candidate[] candidates) => PressureDecision.Choose(candidates, new(1, 0))[0].Key.Name;

    private static Candidate Candidate(string name, int idleSeconds, int megabytes) =>
        new(Given.Lease("n").Status, new("demo", name), 1, TimeSpan.FromSeconds(idleSeconds), megabytes * Mebibyte);
}
