using Substrate.Scheduler.Leadership;

namespace Substrate.Scheduler.Quotas;

internal static class QuotasServices
{
    public static IServiceCollection AddQuotas(this IServiceCollection services) => services.AddSingleton<ILoop, QuotaLoop>();
}
