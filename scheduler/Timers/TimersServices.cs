using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Timers;

internal static class TimersServices
{
    public static IServiceCollection AddTimers(this IServiceCollection services) => services.AddSingleton<ILoop, TimerLoop>();
}
