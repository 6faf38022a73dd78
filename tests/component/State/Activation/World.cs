using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.State.ComponentTests.Activation;

/// <summary>A real store with one template and nodes that only it can run on, so that tests do not meet.</summary>
public sealed class World : IAsyncDisposable
{
    public static readonly TimeSpan Ample = TimeSpan.FromMinutes(1);

    private readonly IConnectionMultiplexer _redis;
    private readonly string _label = Fresh.Name("world");

    private World(IConnectionMultiplexer redis)
    {
        _redis = redis;
        Actors = new ActorStore(redis);
        Atespaces = new AtespaceStore(redis, new ActorListing(redis, Actors));
        Feed = new AtespaceFeed(redis, Atespaces, TimeProvider.System, NullLogger<AtespaceFeed>.Instance);
        Nodes = new NodeRegistry(redis);
        Templates = new TemplateStore(redis);
        Agents = new FakeNodeAgents { OnActivate = RunAsync };
        Events = new ActorEvents(redis, TimeProvider.System);
        View = new ClusterViewFeed(redis, Nodes, new PlanFeed(redis, new PlanStore(redis), TimeProvider.System, NullLogger<PlanFeed>.Instance), TimeProvider.System, NullLogger<ClusterViewFeed>.Instance);
    }

    public ActorStore Actors { get; }

    public AtespaceStore Atespaces { get; }

    public AtespaceFeed Feed { get; }

    public NodeRegistry Nodes { get; }

    public TemplateStore Templates { get; }

    public FakeNodeAgents Agents { get; }

    public ActorEvents Events { get; }

    public ClusterViewFeed View { get; }

    public TemplateKey Template { get; } = new("default", Fresh.Name("template"));

    public static async Task<World> OpenAsync(StoreProcesses stores, TemplatePhase phase = TemplatePhase.Ready)
    {
        var world = new World(await stores.ConnectAsync(StoreKind.Redis));
        await world.Events.StartAsync(CancellationToken.None);
        await world.View.StartAsync(CancellationToken.None);
        await world.SetTemplateAsync(phase);
        return world;
    }

    /// <summary>Another process that activates actors.</summary>
    public State.Activation.Activator NewActivator() =>
        new(Actors, new TemplateCache(_redis, Templates, TimeProvider.System), View, Events, Agents,
            new ActorAdmission(_redis, Actors, Feed, TimeProvider.System), new RunningQuota(_redis, Actors, Feed, TimeProvider.System), TimeProvider.System, new Random(7));

    /// <summary>Activates in an activator of its own.</summary>
    public Task<ActivationResult> ActivateAsync(ActorKey key, TimeSpan limit, long deadEpoch = -1, bool boot = false) =>
        NewActivator().ActivateAsync(key, deadEpoch, boot, limit, TestContext.Current.CancellationToken);

    /// <summary>What a node does that can: writes the endpoint and answers.</summary>
    public async Task<NodeActivation> RunAsync(NodeCall call, CancellationToken cancellationToken)
    {
        var endpoint = $"{call.Node}:{call.Record.Epoch}";
        var written = await Actors.RunningAsync(call.Record.Key, call.Record.Epoch, call.Node, endpoint);
        return written.Done
            ? new NodeActivation(NodeOutcome.Running, endpoint, Timings: new ActivationTimings { Restore = TimeSpan.FromMilliseconds(56) })
            : new NodeActivation(NodeOutcome.Stale);
    }

    public async Task SetTemplateAsync(TemplatePhase phase, string reason = "")
    {
        var version = (await Templates.GetAsync(Template))?.Version ?? 0;
        await Templates.SwapAsync(version, new TemplateRecord
        {
            Key = Template,
            Uid = "uid",
            Phase = phase,
            Reason = reason,
            Spec = new TemplateSpec
            {
                Container = new ContainerSpec { Name = "main", Image = "oci:images/counter" },
                NodeSelector = TemplateSelector,
            },
        });
    }

    public async Task<NodeStatus> AddNodeAsync(string prefix = "node")
    {
        var status = Fresh.Node(prefix);
        await RenewAsync(status with { Labels = TemplateSelector });
        return status with { Labels = TemplateSelector };
    }

    /// <summary>Renews a node's lease and waits for nothing: the view follows by itself, and is read here once for those who want it now.</summary>
    public async Task RenewAsync(NodeStatus status)
    {
        await Nodes.RenewAsync(status, TimeSpan.FromHours(1), "");
        await View.RefreshAsync();
    }

    public async Task<ActorKey> AddActorAsync()
    {
        var key = Fresh.Actor();
        await Actors.CreateAsync(key, "uid", Template, new Dictionary<string, string>());
        return key;
    }

    /// <summary>An actor that runs on a node.</summary>
    public async Task<ActorRecord> AddRunningAsync(NodeStatus node)
    {
        var key = await AddActorAsync();
        var claim = await Actors.ClaimAsync(key, "token", node.Id, Ample);
        return (await Actors.RunningAsync(key, claim.Record!.Epoch, node.Id, "first:1")).Record!;
    }

    /// <summary>An actor at rest whose newest state is only on a node's disk.</summary>
    public async Task<ActorRecord> AddPausedAsync(NodeStatus node)
    {
        var running = await AddRunningAsync(node);
        await Actors.BeginPauseAsync(running.Key, running.Epoch, Ample);
        return (await Actors.PausedAsync(running.Key, running.Epoch, $"{running.Epoch}-s", node.Id, 1)).Record!;
    }

    public async ValueTask DisposeAsync()
    {
        await View.StopAsync(CancellationToken.None);
        await Events.StopAsync(CancellationToken.None);
        View.Dispose();
    }

    private System.Collections.Immutable.ImmutableSortedDictionary<string, string> TemplateSelector =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("world", _label);
}
