using System.Net.Security;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Redis;
using AdminClient = Substrate.Admin.V1.Admin.AdminClient;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Substrate.Scheduler.ComponentTests.Fakes;

/// <summary>A Redis, schedulers and fake nodes of one test's own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    public static readonly TemplateKey Counter = new("demo", "counter");

    private readonly RedisServer _server = new();
    private readonly List<WebApplication> _schedulers = [];
    private readonly List<FakeNode> _nodes = [];
    private readonly List<GrpcChannel> _channels = [];
    private readonly ScratchDirectory _data = new();
    private ConnectionMultiplexer? _redis;

    public IConnectionMultiplexer Redis => _redis!;

    public string ConnectionString => _server.ConnectionString;

    public string DataDirectory => _data.Path;

    public ActorStore Actors { get; private set; } = null!;

    public TemplateStore Templates { get; private set; } = null!;

    public NodeRegistry Nodes { get; private set; } = null!;

    public Control.ControlClient Control { get; private set; } = null!;

    public AdminClient Admin { get; private set; } = null!;

    public Task StopRedisAsync() => _server.StopAsync();

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A cluster with an atespace and a template <c>demo</c>, without nodes and schedulers.</summary>
    public static async Task<Cluster> EmptyAsync(IdlePolicy? idle = null)
    {
        var cluster = new Cluster();
        await cluster._server.InitializeAsync();
        cluster._redis = await ConnectionMultiplexer.ConnectAsync(cluster.ConnectionString);
        cluster.Actors = new(cluster.Redis);
        cluster.Templates = new(cluster.Redis);
        cluster.Nodes = new(cluster.Redis);
        await new AtespaceStore(cluster.Redis, new ActorListing(cluster.Redis, cluster.Actors)).CreateAsync("demo");
        await cluster.Templates.SwapAsync(0, new()
        {
            Key = Counter,
            Uid = "counter-uid",
            Phase = TemplatePhase.Ready,
            GoldenSnapshot = "golden-0",
            Spec = new()
            {
                Container = new() { Name = "counter", Image = "oci:/images/counter" },
                Idle = idle ?? new() { PauseAfter = TimeSpan.Zero, SuspendAfter = TimeSpan.Zero },
            },
        });
        return cluster;
    }

    /// <summary>The same with one node and one scheduler that leads.</summary>
    public static async Task<(Cluster Cluster, FakeNode Node)> OneNodeAsync(IdlePolicy? idle = null)
    {
        var cluster = await EmptyAsync(idle);
        var node = await cluster.AddNodeAsync("n1");
        await cluster.AddSchedulerAsync();
        return (cluster, node);
    }

    public async Task<FakeNode> AddNodeAsync(string id)
    {
        var node = await FakeNode.StartAsync(id, Redis);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts a scheduler with short intervals; the clients go to the last one.</summary>
    public async Task<WebApplication> AddSchedulerAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = ConnectionString,
            ["Scheduler:Listen"] = "https://127.0.0.1:0",
            ["Scheduler:OpsListen"] = "",
            ["Scheduler:DataDirectory"] = _data.Path,
            ["Scheduler:Interval"] = "00:00:00.05",
            ["Scheduler:Lease"] = "00:00:02",
            ["Scheduler:LossGrace"] = "00:00:00",
            ["Scheduler:BuildAbandoned"] = "00:00:01",
            ["Host:Embedded"] = "true",
            ["Logging:LogLevel:Default"] = "None",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        var app = SchedulerHost.Create([], all);
        _schedulers.Add(app);
        await app.StartAsync(Token);
        var channel = Channel(Address(app));
        (Control, Admin) = (new(channel), new(channel));
        return app;
    }

    public static string Address(WebApplication app, string scheme = "https") =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .First(a => a.StartsWith(scheme + ":", StringComparison.Ordinal));

    /// <summary>A channel over TLS, to the certificate that the scheduler made for itself.</summary>
    public GrpcChannel Channel(string address)
    {
        var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=substrate" } };
        var channel = GrpcChannel.ForAddress(address, new() { HttpHandler = handler, DisposeHttpClient = true });
        _channels.Add(channel);
        return channel;
    }

    public async Task<ActorKey> CreateAsync(string name)
    {
        var key = new ActorKey("demo", name);
        await Actors.CreateAsync(key, Guid.NewGuid().ToString("N"), Counter, new Dictionary<string, string>());
        return key;
    }

    public async Task<ActorState?> StateAsync(ActorKey key) => (await Actors.GetAsync(key))?.State;

    public Task BecomesAsync(ActorKey key, ActorState state) =>
        Eventually.TrueAsync(async () => await StateAsync(key) == state, Soon, $"{key} becomes {state}");

    public async ValueTask DisposeAsync()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }

        foreach (var scheduler in _schedulers)
        {
            await scheduler.StopAsync(CancellationToken.None);
            await scheduler.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _redis?.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
    }
}
