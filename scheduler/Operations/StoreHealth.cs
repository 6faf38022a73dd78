using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Substrate.Scheduler.Operations;

/// <summary>Healthy while the store answers.</summary>
internal sealed class StoreHealth(IConnectionMultiplexer redis) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("the store does not answer", e);
        }
    }
}
