using Cronos;
using Substrate.State.Timers;

namespace Substrate.Scheduler.Timers;

/// <summary>When timers are due. Pure: the time is handed in.</summary>
internal static class TimerSchedule
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    /// <summary>Which rule a cron expression breaks; null when it breaks none.</summary>
    public static string? CronProblem(string cron)
    {
        try
        {
            return Parse(cron).GetNextOccurrence(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is null ? "never comes" : null;
        }
        catch (CronFormatException e)
        {
            return e.Message.TrimEnd('.');
        }
    }

    /// <summary>True when the machine knows the zone.</summary>
    public static bool KnowsZone(string zone) => zone.Length == 0 || TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);

    /// <summary>First time after <paramref name="now"/>; null when there is none. A timer that was missed, once or many times, is due once.</summary>
    public static DateTimeOffset? Next(ActorTimer timer, DateTimeOffset now) => timer.Cron.Length == 0
        ? timer.At > now ? timer.At : null
        : Parse(timer.Cron).GetNextOccurrence(now, timer.TimeZone.Length == 0 ? TimeZoneInfo.Utc : TimeZoneInfo.FindSystemTimeZoneById(timer.TimeZone));

    /// <summary>The timer after an attempt; null when it is done with.</summary>
    /// <param name="timer">The timer that was due.</param>
    /// <param name="now">Time of the store.</param>
    /// <param name="problem">Why the actor could not be woken; empty when it was.</param>
    public static ActorTimer? After(ActorTimer timer, DateTimeOffset now, string problem)
    {
        var next = Next(timer, now);
        if (problem.Length == 0)
        {
            return next is { } due ? timer with { Due = due, Failures = 0, Problem = "" } : null;
        }

        var pause = FirstRetry * Math.Pow(2, Math.Min(timer.Failures, 10));
        var retry = now + (pause < LongestRetry ? pause : LongestRetry);
        return timer with { Due = next < retry ? next.Value : retry, Failures = timer.Failures + 1, Problem = problem };
    }

    private static CronExpression Parse(string cron) =>
        CronExpression.Parse(cron, cron.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard);
}
