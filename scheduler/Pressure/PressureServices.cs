using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Pressure;

internal static class PressureServices
{
    public static IServiceCollection AddPressure(this IServiceCollection services) => services.AddSingleton<ILoop, PressureLoop>();
}
