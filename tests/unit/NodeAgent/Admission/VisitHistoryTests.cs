using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Substrate.NodeAgent.Admission;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.UnitTests.Admission;

public sealed class VisitHistoryTests
{
    private static readonly ActorKey Alice = new("demo", "alice");

    private readonly FakeTimeProvider _time = new();
    private readonly VisitHistory _visits;

    public VisitHistoryTests() => _visits = new VisitHistory(_time);

    [Fact]
    public void Gap_OfAnActorNeverSeenOrSeenOnce_IsUnknown()
    {
        Assert.Equal(VisitHistory.Unknown, _visits.UsualGap(Alice));

        See(Alice);

        Assert.Equal(VisitHistory.Unknown, _visits.UsualGap(Alice));
    }

    [Fact]
    public void Gap_OfRegularVisits_IsTheirDistance()
    {
        for (var visit = 0; visit < 5; visit++)
        {
            See(Alice);
            After(0.4);
            See(Alice); // A second request of the same visit.
            After(5.6);
        }

        Assert.Equal(6, _visits.UsualGap(Alice).TotalSeconds, 3);
    }

    [Fact]
    public void Gap_AfterAChangeOfHabit_FollowsIt()
    {
        for (var visit = 0; visit < 20; visit++)
        {
            See(Alice);
            After(visit < 10 ? 2 : 60);
        }

        Assert.InRange(_visits.UsualGap(Alice).TotalSeconds, 50, 60);
    }

    [Fact]
    public void SameSight_SeenAgain_IsNoVisit()
    {
        var at = _time.GetTimestamp();
        _visits.See(Alice, at);
        After(10);
        _visits.See(Alice, at);

        Assert.Equal(VisitHistory.Unknown, _visits.UsualGap(Alice));
    }

    [Fact]
    public void Actors_InAnyNumber_AreRememberedWithinABound()
    {
        var names = Enumerable.Range(0, 20_000).Select(static i => new ActorKey("demo", string.Create(CultureInfo.InvariantCulture, $"a-{i}"))).ToArray();
        foreach (var visit in Enumerable.Range(0, 2))
        {
            foreach (var name in names)
            {
                See(name);
                After(0.001);
            }
        }

        var known = names.Count(name => _visits.UsualGap(name) != VisitHistory.Unknown);
        Assert.InRange(known, 0, 16_384);
        See(names[^1]);
        After(7);
        See(names[^1]);
        Assert.NotEqual(VisitHistory.Unknown, _visits.UsualGap(names[^1]));
    }

    private void See(ActorKey key) => _visits.See(key, _time.GetTimestamp());

    private void After(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
