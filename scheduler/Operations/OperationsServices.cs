using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Prometheus;

namespace Substrate.Scheduler.Operations;

/// <summary>Metrics and health.</summary>
internal static class OperationsServices
{
    public static IServiceCollection AddOperations(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoreHealth>("store");
        return services;
    }

    /// <summary>Serves the port for metrics and health, which serves nothing else.</summary>
    public static void UseOperations(this WebApplication app) => app.MapWhen(Listeners.IsOps, static ops =>
    {
        ops.UseMetricServer("/metrics");

        // Alive means that the process answers; ready, that the store does too.
        ops.UseHealthChecks("/healthz", new HealthCheckOptions { Predicate = static _ => false });
        ops.UseHealthChecks("/readyz");
        ops.Run(static context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    });
}
