using Microsoft.Extensions.Options;
using Prometheus;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Forwarding;
using Substrate.Proxy.Operation;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;

namespace Substrate.Proxy;

/// <summary>Registers the proxy's stages.</summary>
internal static class ProxyServices
{
    // The runtime's own meters label every request with the server's address, and each activation has an address of its own: their
    // number has no bound. Done once per process, before anything is collected.
    static ProxyServices() => Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressMeters = true, SuppressEventCounters = true });

    public static IServiceCollection AddProxyOptions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsValidator>();
        services.AddSingleton<IValidateOptions<ProxyOptions>, ProxyOptionsRules>();
        services.AddSingleton(provider => new LiveOptions(configuration, provider.GetServices<IValidateOptions<ProxyOptions>>(), provider.GetRequiredService<ILogger<LiveOptions>>()));
        services.AddOptions<HostOptions>().Configure<LiveOptions>(static (host, live) => host.ShutdownTimeout = live.Value.DrainDelay + live.Value.DrainTimeout);
        return services;
    }

    public static IServiceCollection AddOps(this IServiceCollection services)
    {
        services.AddSingleton(Metrics.DefaultRegistry);
        services.AddSingleton(static provider => new ProxyMetrics(
            Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>()), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Drain>();
        services.AddHostedService(static provider => provider.GetRequiredService<Drain>());
        services.AddSingleton<AccessLog>();
        services.AddHostedService(static provider => provider.GetRequiredService<AccessLog>());
        return services.AddSingleton<OpsEndpoints>();
    }

    public static IServiceCollection AddRoutes(this IServiceCollection services)
    {
        services.AddSingleton<ActorConnections>();
        services.AddSingleton<RouteTable>();
        services.AddHostedService<RouteEvents>();
        return services.AddHostedService<RouteSweep>();
    }

    public static IServiceCollection AddRouting(this IServiceCollection services)
    {
        services.AddSingleton<Domains>();
        services.AddHostedService(static provider => provider.GetRequiredService<Domains>());
        return services.AddSingleton<Finder>();
    }

    public static IServiceCollection AddActivation(this IServiceCollection services)
    {
        services.AddSingleton<State.Activation.Activator>();
        services.AddSingleton<IActivation, StoreActivation>();
        return services.AddSingleton<Flights>();
    }

    public static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.AddHttpForwarder();
        services.AddSingleton<Streams>();
        services.AddSingleton<Answers>();
        services.AddSingleton<Holding>();
        return services.AddSingleton<Ingress>();
    }
}
