using System.Net.Http.Json;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>One proxy before fake nodes and a real store, reached over real sockets.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    public static readonly TemplateKey Template = new("demo", "counter");

    private readonly ConnectionMultiplexer _redis;
    private readonly List<FakeNode> _nodes = [];
    private readonly List<WebApplication> _others = [];
    private readonly Uri[] _addresses;

    private Installation(ConnectionMultiplexer redis, WebApplication proxy)
    {
        (_redis, Proxy) = (redis, proxy);
        (Store, Registry) = (new ActorStore(redis), new NodeRegistry(redis));
        _addresses = [.. AddressesOf(proxy)];
        Ingresses.Add(Address);
        Client = NewClient();
    }

    public WebApplication Proxy { get; }

    /// <summary>Addresses of all proxies, the first one included.</summary>
    public List<Uri> Ingresses { get; } = [];

    public ActorStore Store { get; }

    public NodeRegistry Registry { get; }

    public DomainStore Domains => new(_redis);

    public IReadOnlyList<FakeNode> Nodes => _nodes;

    /// <summary>Reaches the proxy under every host name.</summary>
    public HttpClient Client { get; }

    public Uri Address => _addresses[0];

    public Uri Ops => _addresses[1];

    public static async Task<Installation> StartAsync(RedisServer redis, int nodes = 1, params (string Key, string Value)[] settings)
    {
        await redis.RunAsync("FLUSHALL");
        var all = new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = redis.ConnectionString,
            ["Proxy:Listen"] = "http://127.0.0.1:0",
            ["Proxy:OpsListen"] = "http://127.0.0.1:0",
            ["Host:Embedded"] = "true",
            ["Logging:LogLevel:Default"] = "Error",
        };
        var args = new List<string>();
        foreach (var (key, value) in settings)
        {
            if (key.StartsWith("--", StringComparison.Ordinal))
            {
                args.AddRange([key, value]);
            }
            else
            {
                all[key] = value;
            }
        }

        var multiplexer = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var proxy = ProxyHost.Create([.. args], all);
        await proxy.StartAsync();
        var installation = new Installation(multiplexer, proxy);
        await installation.ApplyAsync(TemplatePhase.Ready, "");
        for (var i = 0; i < nodes; i++)
        {
            await installation.AddNodeAsync($"node-{i}");
        }

        var view = proxy.Services.GetRequiredService<State.View.ClusterViewFeed>();
        await Eventually.TrueAsync(() => view.Current.Nodes.Length == nodes, Soon, "the proxy sees every node");
        return installation;
    }

    public async Task<FakeNode> AddNodeAsync(string id)
    {
        var node = new FakeNode(id, Store, Registry);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    public async Task ApplyAsync(TemplatePhase phase, string reason, Func<TemplateSpec, TemplateSpec>? shape = null)
    {
        shape ??= static spec => spec;
        var templates = new TemplateStore(_redis);
        var version = (await templates.GetAsync(Template))?.Version ?? 0;
        var container = new ContainerSpec { Name = "main", Image = "oci:none" };
        Assert.True(await templates.SwapAsync(
            version,
            new TemplateRecord { Key = Template, Uid = "t1", Spec = shape(new TemplateSpec { Container = container }), Phase = phase, Reason = reason }));
    }

    public async Task<ActorKey> CreateAsync(string name)
    {
        var key = new ActorKey("demo", name);
        Assert.True((await Store.CreateAsync(key, Guid.NewGuid().ToString("N"), Template, new Dictionary<string, string>())).Done);
        return key;
    }

    /// <summary>Starts another proxy before the same nodes.</summary>
    public async Task AddProxyAsync()
    {
        var proxy = ProxyHost.Create([], new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = _redis.Configuration,
            ["Proxy:Listen"] = "http://127.0.0.1:0",
            ["Proxy:OpsListen"] = "",
            ["Host:Embedded"] = "true",
            ["Logging:LogLevel:Default"] = "Error",
        });
        _others.Add(proxy);
        await proxy.StartAsync();
        Ingresses.Add(AddressesOf(proxy).First());
        var view = proxy.Services.GetRequiredService<State.View.ClusterViewFeed>();
        await Eventually.TrueAsync(() => view.Current.Nodes.Length == _nodes.Count, Soon, "the proxy sees every node");
    }

    /// <summary>A client that connects to the proxy whatever host it is told.</summary>
    /// <param name="proxy">Which one.</param>
    public HttpClient NewClient(int proxy = 0) => new(NewHandler(proxy));

    /// <summary>The handler of such a client.</summary>
    /// <param name="proxy">Which one.</param>
    public SocketsHttpHandler NewHandler(int proxy = 0) => new()
    {
        UseProxy = false,
        RequestHeaderEncodingSelector = static (_, _) => System.Text.Encoding.Latin1,
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(Ingresses[proxy].Host, Ingresses[proxy].Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>The address of an actor by host.</summary>
    public static string At(string actor, string path = "/") => $"http://{actor}.demo.actors.localhost{path}";

    /// <summary>Asks an actor who it is.</summary>
    public async Task<Echo> AskAsync(string actor, string path = "/") => (await Client.GetFromJsonAsync<Echo>(At(actor, path)))!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var proxy in _others.Append(Proxy))
        {
            await proxy.StopAsync();
            await proxy.DisposeAsync();
        }

        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _redis.DisposeAsync();
    }

    private static IEnumerable<Uri> AddressesOf(WebApplication proxy) =>
        proxy.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Where(static a => a.StartsWith("http://127.0.0.1:", StringComparison.Ordinal)).Select(static a => new Uri(a));
}
