using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Api;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Faults;
using Substrate.NodeAgent.Goldens;
using Substrate.NodeAgent.Images;
using Substrate.NodeAgent.Lease;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Processes;
using Substrate.NodeAgent.Recovery;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;
using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.Store;

namespace Substrate.NodeAgent;

/// <summary>What a node is made of. Hosted services start in the order given here and stop in the reverse one.</summary>
internal static class NodeAgentServices
{
    public static IServiceCollection AddNode(this IServiceCollection services)
    {
        services.AddSingleton<NodeIdentity>();
        services.AddSingleton<NodeMetrics>();
        services.AddSingleton(static p => new NodePaths(Options(p)));
        services.AddSingleton<NodeSignal>();
        services.AddSingleton<ICommandRunner, CommandRunner>();
        services.AddSingleton(static p => new FaultPoints(Options(p).FaultFile));
        return services;
    }

    public static IServiceCollection AddRuntime(this IServiceCollection services)
    {
        services.AddSingleton<ICgroups>(static p => new CgroupTree(Options(p).Id));
        services.AddSingleton<IImageSource>(static p => new ImageStore(
            Paths(p).Images,
            p.GetRequiredService<ICommandRunner>(),
            new RegistryOptions(Options(p).RegistryAuthFile, Options(p).RegistriesFile, Options(p).PullLimit),
            new ImageLimits(Options(p).ImageBytes),
            p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ExitWatch>();
        services.AddSingleton<ISandboxRuntime>(static p => new Runsc(
            p.GetRequiredService<ICommandRunner>(),
            p.GetRequiredService<ExitWatch>(),
            Options(p).Runsc,
            Paths(p).Runtime,
            Options(p).RuntimeTimeout,
            p.GetRequiredService<TimeProvider>()));
        return services;
    }

    public static IServiceCollection AddNetworks(this IServiceCollection services)
    {
        services.AddSingleton(static p => NetworkPlan.Choose(Options(p).Network, Options(p).Id));
        services.AddSingleton(static p => new HostPorts(
            p.GetRequiredService<ICommandRunner>(), SandboxFactory.TableName(Options(p).Id), Options(p).Advertise, SandboxFactory.LinkPrefix(Options(p).Id)));
        services.AddSingleton<ISlotNetworks, SlotNetworks>();
        return services;
    }

    public static IServiceCollection AddSandboxes(this IServiceCollection services)
    {
        services.AddSingleton(static p => new PortRing(Paths(p).Ports, Options(p).FirstPort, Options(p).Ports, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ActorLogs>();
        services.AddSingleton<SandboxFactory>();
        services.AddSingleton<Limits>();
        services.AddSingleton<Berths>();
        services.AddSingleton<WarmSet>();
        services.AddSingleton<TakingApart>();
        services.AddSingleton<RefillPace>();
        services.AddSingleton<SandboxPool>();
        return services;
    }

    public static IServiceCollection AddSnapshots(this IServiceCollection services)
    {
        services.AddSingleton(static p => new LocalSnapshots(Paths(p).Snapshots, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static p => Objects(p.GetRequiredService<IOptions<StoreOptions>>().Value, Options(p), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static p => new KeyRing(p.GetRequiredService<IOptions<StoreOptions>>().Value.KeyFile));
        services.AddSingleton(static p => new SnapshotTransfer(
            p.GetRequiredService<IObjectStore>(), p.GetRequiredService<KeyRing>(), p.GetRequiredService<IOptions<StoreOptions>>().Value.Parallel));
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<SnapshotOpener>();
        return services;
    }

    public static IServiceCollection AddActors(this IServiceCollection services)
    {
        services.AddSingleton<LiveActors>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<StoreRetry>();
        services.AddSingleton<SnapshotSource>();
        services.AddSingleton<Ending>();
        services.AddSingleton<Activating>();
        services.AddSingleton<Restoring>();
        services.AddSingleton<Rewaking>();
        services.AddSingleton<Quiescing>();
        services.AddSingleton<Checkpointing>();
        services.AddSingleton<CallingOff>();
        services.AddSingleton<Suspending>();
        services.AddSingleton<ImagePreparation>();
        services.AddSingleton<GoldenBuilder>();
        services.AddSingleton(static p => new Ledger(Capacity(Options(p)), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<RecentActivations>();
        services.AddSingleton<Freezer>();
        services.AddSingleton<Survivors>();
        services.AddSingleton<InterruptedCheckpoints>();
        services.AddSingleton<Adoption>();
        services.AddSingleton<Leftovers>();
        return services;
    }

    public static IServiceCollection AddLoops(this IServiceCollection services)
    {
        services.AddHostedService<StartUp>();
        services.AddSingleton<Uploads>();
        services.AddHostedService(static p => p.GetRequiredService<Uploads>());
        services.AddSingleton<VisitHistory>();
        services.AddSingleton<Evictor>();
        services.AddHostedService(static p => p.GetRequiredService<Evictor>());
        services.AddHostedService<ActivityMonitor>();
        services.AddSingleton<Obeying>();
        services.AddHostedService(static p => p.GetRequiredService<Obeying>());
        services.AddSingleton<Watchdog>();
        services.AddHostedService<LeaseKeeper>();
        services.AddSingleton<ImageCollector>();
        services.AddHostedService(static p => p.GetRequiredService<ImageCollector>());
        services.AddHostedService<WarmPlan>();
        services.AddHostedService<Draining>();
        return services;
    }

    private static Room Capacity(NodeOptions options) => new(
        options.Slots,
        options.EffectiveMemoryBytes > 0 ? options.EffectiveMemoryBytes : Room.Unlimited,
        options.EffectiveCpuMillis > 0 ? options.EffectiveCpuMillis : Room.Unlimited);

    private static IObjectStore Objects(StoreOptions store, NodeOptions node, TimeProvider time) =>
        store.Bucket.Length > 0 ? new S3Objects(S3Client.Create(store), store) : new DirectoryObjects(node.StoreDirectory, time);

    private static NodeOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<NodeOptions>>().Value;

    private static NodePaths Paths(IServiceProvider provider) => provider.GetRequiredService<NodePaths>();
}
