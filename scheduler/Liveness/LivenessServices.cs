using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Liveness;

internal static class LivenessServices
{
    public static IServiceCollection AddLiveness(this IServiceCollection services) => services.AddSingleton<ILoop, LivenessLoop>();
}
