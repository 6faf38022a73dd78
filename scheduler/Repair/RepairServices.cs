using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Repair;

internal static class RepairServices
{
    public static IServiceCollection AddRepair(this IServiceCollection services) => services.AddSingleton<ILoop, RepairLoop>();
}
