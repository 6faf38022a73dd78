using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Planning;

internal static class PlanningServices
{
    public static IServiceCollection AddPlanning(this IServiceCollection services) => services.AddSingleton<ILoop, PlanLoop>();
}
