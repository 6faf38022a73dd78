using System.Globalization;
using StackExchange.Redis;
using Substrate.State.Leadership;

namespace Substrate.Scheduler.Leadership;

internal static class LeadershipServices
{
    public static IServiceCollection AddLeadership(this IServiceCollection services)
    {
        services.AddSingleton(static provider => new SchedulerLease(
            provider.GetRequiredService<IConnectionMultiplexer>(),
            string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}")));
        services.AddSingleton<LeaderToken>();
        services.AddSingleton<LoopRunner>();
        return services.AddHostedService<LeaderService>();
    }
}
