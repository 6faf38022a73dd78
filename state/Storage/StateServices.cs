using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.State.Atespaces;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.State.Storage;

/// <summary>Registers what every role shares: the store, its records and events, and the view of the nodes.</summary>
public static class StateServices
{
    /// <summary>Reads section <c>Redis</c> and registers the stores, <see cref="ActorEvents"/>, <see cref="TemplateCache"/> and <see cref="ClusterViewFeed"/>.</summary>
    public static IServiceCollection AddSubstrateState(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RedisOptions>().Bind(configuration.GetSection(RedisOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Random>(static _ => new LockedRandom());
        services.AddSingleton<IConnectionMultiplexer>(static provider => Connect(provider.GetRequiredService<IOptions<RedisOptions>>().Value));
        services.AddSingleton<ActorStore>();
        services.AddSingleton<ActorListing>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<PlanStore>();
        services.AddSingleton<TemplateStore>();
        services.AddSingleton<DomainStore>();
        services.AddSingleton<AtespaceStore>();
        services.AddSingleton<ChangeLog>();
        services.AddSingleton<TimerStore>();
        services.AddSingleton<ActorAdmission>();
        services.AddSingleton<RunningQuota>();
        AddHosted<ActorEvents>(services);
        AddHosted<TemplateCache>(services);
        AddHosted<PlanFeed>(services);
        AddHosted<AtespaceFeed>(services);
        AddHosted<ClusterViewFeed>(services);
        return services;
    }

    /// <summary>A connection with bounded waits that reconnects by itself.</summary>
    public static ConnectionMultiplexer Connect(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        configuration.AbortOnConnectFail = false;
        configuration.AsyncTimeout = configuration.SyncTimeout = (int)options.Timeout.TotalMilliseconds;
        configuration.ClientName = "substrate";
        return ConnectionMultiplexer.Connect(configuration);
    }

    private static void AddHosted<T>(IServiceCollection services)
        where T : class, Microsoft.Extensions.Hosting.IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(static provider => provider.GetRequiredService<T>());
    }

    // One Random for many threads; Random itself is not thread-safe and Random.Shared cannot be replaced in tests.
    private sealed class LockedRandom : Random
    {
        private readonly Lock _lock = new();

        public override int Next()
        {
            lock (_lock)
            {
                return base.Next();
            }
        }

        public override int Next(int maxValue)
        {
            lock (_lock)
            {
                return base.Next(maxValue);
            }
        }

        public override double NextDouble()
        {
            lock (_lock)
            {
                return base.NextDouble();
            }
        }
    }
}
