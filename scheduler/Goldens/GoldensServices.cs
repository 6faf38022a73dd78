using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Goldens;

internal static class GoldensServices
{
    public static IServiceCollection AddGoldens(this IServiceCollection services) =>
        services.AddSingleton<ImagePull>().AddSingleton<GoldenBuilder>().AddSingleton<ILoop, GoldenLoop>();
}
