using Substrate.Perf.Load;

namespace Substrate.Perf.UnitTests.Load;

public sealed class ScheduleTests
{
    private static readonly LoadPlan Plan = new()
    {
        Target = new Uri("http://127.0.0.1"),
        Actors = [.. Enumerable.Range(0, 40).Select(static i => $"a-{i}")],
        Rate = 100,
        Turns = 3,
        Think = TimeSpan.FromMilliseconds(500),
        Duration = TimeSpan.FromMinutes(10),
    };

    [Fact]
    public void Requests_OfAPlan_AreInOrderAndWithinItsTime()
    {
        var due = Schedule.Of(Plan).ToArray();

        Assert.Equal(due.OrderBy(static d => d.At), due);
        Assert.True(due[^1].At < Plan.Duration);
        Assert.InRange(due.Length, 57_000, 63_000);
    }

    [Fact]
    public void Requests_OfTheSameSeed_AreTheSame()
    {
        Assert.Equal(Schedule.Of(Plan), Schedule.Of(Plan));
        Assert.NotEqual(Schedule.Of(Plan).Take(10), Schedule.Of(Plan with { Seed = 2 }).Take(10));
    }

    [Fact]
    public void Requests_OfZipf_PreferTheFirstActorsAsTheLawSays()
    {
        var counts = Schedule.Of(Plan with { Turns = 1 }).GroupBy(static d => d.Actor).ToDictionary(static g => g.Key, static g => (double)g.Count());

        // 2^1.1 and 10^1.1.
        Assert.InRange(counts[0] / counts[1], 2.0, 2.3);
        Assert.InRange(counts[0] / counts[9], 11.0, 14.5);
    }

    [Fact]
    public void Requests_OfExponentZero_AreEqual()
    {
        var counts = Schedule.Of(Plan with { Zipf = 0 }).GroupBy(static d => d.Actor).Select(static g => g.Count()).ToArray();

        Assert.Equal(40, counts.Length);
        Assert.True(counts.Max() < 1.3 * counts.Min(), $"{counts.Min()}–{counts.Max()}");
    }

    [Fact]
    public void Requests_OfOneVisit_GoToOneActorWithThinkTimeBetween()
    {
        var rare = Schedule.Of(Plan with { Rate = 0.03, Zipf = 0, Duration = TimeSpan.FromHours(100) }).ToArray();

        // Visits are a hundred seconds apart on average and last about one: a request half a second after another is of the same visit.
        var near = rare.Zip(rare.Skip(1)).Where(static pair => pair.Second.At - pair.First.At < TimeSpan.FromMilliseconds(100)).ToArray();
        Assert.True(near.Length > 500, $"{near.Length}");
        Assert.True(near.Count(static pair => pair.First.Actor == pair.Second.Actor) > 0.9 * near.Length);
    }
}
