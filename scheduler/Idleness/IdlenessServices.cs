using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Idleness;

internal static class IdlenessServices
{
    public static IServiceCollection AddIdleness(this IServiceCollection services) =>
        services.AddSingleton<IdlePolicies>().AddSingleton<Leaving>().AddSingleton<ILoop, PauseLoop>().AddSingleton<ILoop, UploadLoop>();
}
