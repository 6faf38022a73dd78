namespace Substrate.Scheduler.Census;

internal static class CensusServices
{
    public static IServiceCollection AddCensus(this IServiceCollection services) =>
        services.AddSingleton<StoreClock>().AddSingleton<CensusReader>();
}
