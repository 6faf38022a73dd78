namespace Substrate.Scheduler.Actuation;

internal static class ActuationServices
{
    public static IServiceCollection AddActuation(this IServiceCollection services) => services.AddSingleton<Actuator>();
}
