using System.Globalization;
using Substrate.Admin.V1;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Timers;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Timers;

namespace Substrate.Scheduler.Api;

/// <summary>Timers that wake actors.</summary>
internal sealed class TimerCalls(TimerStore timers, ActorStore actors, StoreClock clock)
{
    private const int MostPerActor = 16;
    private const int LongestCron = 128;

    public async Task<SetTimerResponse> SetAsync(SetTimerRequest request)
    {
        var wanted = request.Timer ?? throw ApiErrors.Invalid("timer is required");
        AdminRules.Demand(ApiRules.Actor(new() { Atespace = wanted.Atespace, Name = wanted.Actor }, "actor"));
        var key = new ActorKey(wanted.Atespace, wanted.Actor);
        var timer = Read(wanted);
        var now = await clock.NowAsync();
        var due = timer.At ?? TimerSchedule.Next(timer, now) ?? throw ApiErrors.Invalid($"cron {AdminRules.Shown(timer.Cron)} never comes again");
        if (await actors.GetAsync(key) is null)
        {
            throw ApiErrors.ActorNotFound(key.Name);
        }

        var known = await timers.ListAsync(key.Atespace, key.Name);
        if (known.Count >= MostPerActor && known.All(t => t.Name != timer.Name))
        {
            throw ApiErrors.TooManyTimers(key, MostPerActor);
        }

        timer = timer with { Due = due };
        await timers.SetAsync(timer);
        return new() { Timer = AdminMessages.Timer(timer) };
    }

    public async Task<ListTimersResponse> ListAsync(ListTimersRequest request)
    {
        AdminRules.Label("atespace", request.Atespace);
        var actor = request.Actor.Length == 0 ? "" : AdminRules.Label("actor", request.Actor);
        return new() { Timers = { (await timers.ListAsync(request.Atespace, actor)).Select(AdminMessages.Timer) } };
    }

    public async Task DeleteAsync(DeleteTimerRequest request)
    {
        AdminRules.Demand(ApiRules.Actor(new() { Atespace = request.Atespace, Name = request.Actor }, "actor"));
        var name = AdminRules.Label("name", request.Name);
        if (!await timers.DeleteAsync(new(request.Atespace, request.Actor), name))
        {
            throw ApiErrors.TimerNotFound(request.Actor, name);
        }
    }

    private static ActorTimer Read(Admin.V1.Timer timer)
    {
        AdminRules.Label("name", timer.Name);
        AdminRules.Demand((timer.At.Length == 0) == (timer.Cron.Length == 0) ? "exactly one of at and cron is required" : null);
        if (timer.At.Length > 0)
        {
            AdminRules.Demand(timer.TimeZone.Length > 0 ? "time_zone belongs to cron; at has its own offset" : null);
            var parsed = DateTimeOffset.TryParseExact(
                timer.At, ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
            AdminRules.Demand(parsed ? null : $"at {AdminRules.Shown(timer.At)} must be a time such as 2030-01-31T08:00:00Z");
            return new() { Atespace = timer.Atespace, Actor = timer.Actor, Name = timer.Name, At = at };
        }

        AdminRules.Demand(timer.Cron.Length > LongestCron ? $"cron {AdminRules.Shown(timer.Cron)} must be no more than {LongestCron} characters"
            : TimerSchedule.CronProblem(timer.Cron) is { } problem ? $"cron {AdminRules.Shown(timer.Cron)} is not a cron expression of 5 or 6 fields: {problem}"
            : TimerSchedule.KnowsZone(timer.TimeZone) ? null : $"time_zone {AdminRules.Shown(timer.TimeZone)} must be the name of a time zone such as Europe/Berlin");
        return new() { Atespace = timer.Atespace, Actor = timer.Actor, Name = timer.Name, Cron = timer.Cron, TimeZone = timer.TimeZone };
    }
}
