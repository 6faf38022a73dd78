using Substrate.Scheduler.Timers;
using Substrate.State.Timers;

namespace Substrate.Scheduler.UnitTests.Timers;

public sealed class TimerScheduleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 28, 12, 0, 0, TimeSpan.Zero);

    private static readonly ActorTimer Daily = new() { Atespace = "demo", Actor = "a", Name = "t", Cron = "30 2 * * *", TimeZone = "Europe/Berlin", Due = Noon };

    [Fact]
    public void Next_TimeThatTheClockChangeSkips_ComesRightAfterIt() =>
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero), TimerSchedule.Next(Daily, Noon));

    [Fact]
    public void After_MissedManyTimes_IsDueOnceAndThenInTheFuture()
    {
        var after = TimerSchedule.After(Daily with { Due = Noon.AddDays(-30) }, Noon, "")!;
        Assert.True(after.Due > Noon && after.Due <= Noon.AddDays(1));
        Assert.Null(TimerSchedule.After(Daily with { Cron = "", At = Noon.AddDays(-30) }, Noon, ""));
    }

    [Fact]
    public void After_Failures_TriesAgainEverLaterButNoLaterThanTheNextTime()
    {
        var (timer, pauses) = (Daily, new List<double>());
        for (var i = 0; i < 8; i++)
        {
            timer = TimerSchedule.After(timer, Noon, "no room")!;
            pauses.Add((timer.Due - Noon).TotalSeconds);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300], pauses);
        Assert.Equal(("no room", 8), (timer.Problem, timer.Failures));
        Assert.Equal(Noon.AddSeconds(1), TimerSchedule.After(Daily with { Cron = "* * * * * *", Failures = 7 }, Noon, "no room")!.Due);
        Assert.Equal("", TimerSchedule.After(timer, Noon, "")!.Problem);
    }

    [Theory]
    [InlineData("0 7 * * 1-5", true)]
    [InlineData("*/10 0 7 * * *", true)]
    [InlineData("0 7 * *", false)]
    [InlineData("0 7 30 2 *", false)]
    [InlineData("rm -rf /", false)]
    [InlineData("", false)]
    public void CronProblem_OfAnExpression_IsThereWhenItIsNone(string cron, bool good) => Assert.Equal(good, TimerSchedule.CronProblem(cron) is null);
}
