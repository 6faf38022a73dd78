using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Admission;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.UnitTests.Admission;

/// <summary>Plays visits to more actors than there is room for, and counts those that find their actor running.</summary>
public sealed class EvictionOrderTests(ITestOutputHelper output)
{
    private const int Slots = 12;
    private const int Visits = 6_000;
    private const double VisitsPerSecond = 10.0 / 3;

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public void Order_ByHabitAndQuiet_KeepsMoreThatAreAskedForThanByQuietAlone(int actors)
    {
        var byQuiet = Hits(actors, static _ => TimeSpan.Zero);
        var byHabit = Hits(actors, static gap => gap);

        output.WriteLine(FormattableString.Invariant($"{actors} actors on {Slots} slots: {byQuiet:P1} of the visits by quiet alone, {byHabit:P1} by habit and quiet"));
        Assert.True(byHabit > byQuiet + 0.04, FormattableString.Invariant($"{byHabit} and {byQuiet}"));
    }

    // Poisson visits by Zipf's law with exponent 1.1.
    private static double Hits(int actors, Func<TimeSpan, TimeSpan> usualGap)
    {
        var random = new Random(1);
        var time = new FakeTimeProvider();
        var history = new VisitHistory(time);
        var popularity = Enumerable.Range(1, actors).Select(static rank => Math.Pow(rank, -1.1)).ToArray();
        var keys = Enumerable.Range(0, actors).Select(static i => new ActorKey("demo", string.Create(CultureInfo.InvariantCulture, $"a-{i}"))).ToArray();
        var live = new Dictionary<int, long>();
        var hits = 0;
        for (var visit = 0; visit < Visits; visit++)
        {
            time.Advance(Exponential(random, 1 / VisitsPerSecond));
            var actor = Draw(random, popularity);
            hits += live.ContainsKey(actor) ? 1 : 0;
            if (!live.ContainsKey(actor) && live.Count == Slots)
            {
                var there = live.ToArray();
                var candidates = there.Select((l, i) => new EvictionCandidate(i, time.GetElapsedTime(l.Value), usualGap(history.UsualGap(keys[l.Key])), 8 << 20, false));
                live.Remove(there[EvictionChoice.Choose([.. candidates])].Key);
            }

            history.See(keys[actor], time.GetTimestamp());
            live[actor] = time.GetTimestamp();
        }

        return hits / (double)Visits;
    }

    private static TimeSpan Exponential(Random random, double seconds) => TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * seconds);

    private static int Draw(Random random, double[] weights)
    {
        var left = random.NextDouble() * weights.Sum();
        var i = 0;
        while (i < weights.Length - 1 && (left -= weights[i]) > 0)
        {
            i++;
        }

        return i;
    }
}
