using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Goldens;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Redis;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>What the counter answers.</summary>
internal sealed record Count(string Actor, string Atespace, long Memory, long File, string StartedAt);

/// <summary>A real node agent with real sandboxes against a real Redis, and the counter as its template.</summary>
internal sealed class NodeFixture : IAsyncDisposable
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, UseProxy = false });

    private readonly RedisServer _redis;
    private readonly bool _ownRedis;
    private readonly ScratchDirectory _directory = new();
    private readonly Dictionary<string, string?> _settings;
    private WebApplication? _node;

    private NodeFixture(RedisServer redis, bool ownRedis, string id, int slots)
    {
        (_redis, _ownRedis, Id) = (redis, ownRedis, id);
        _settings = new Dictionary<string, string?>
        {
            ["Redis:ConnectionString"] = redis.ConnectionString,
            ["Node:Id"] = id,
            ["Node:Listen"] = $"http://127.0.0.1:{FreePort.Next()}",
            ["Node:OpsListen"] = "",
            ["Node:DataDirectory"] = Path.Combine(_directory.Path, "node"),
            ["Node:StoreDirectory"] = Path.Combine(_directory.Path, "store"),
            ["Node:Slots"] = $"{slots}",
            ["Node:Lease"] = "00:00:05",
            ["Host:Embedded"] = "true",
            ["Logging:LogLevel:Default"] = "Warning",
        };
    }

    public static TemplateKey Counter { get; } = new("demo", "counter");

    public string Id { get; private set; }

    public IServiceProvider Services => _node!.Services;

    public ActorStore Actors => Get<ActorStore>();

    public string StoreDirectory => _settings["Node:StoreDirectory"]!;

    public string DataDirectory => _settings["Node:DataDirectory"]!;

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Starts a node; skips the test where the machine cannot run sandboxes.</summary>
    public static Task<NodeFixture> StartAsync(int slots = 3, RedisServer? redis = null, Action<Dictionary<string, string?>>? configure = null)
    {
        Machine.RequireSandboxes();
        return StartAnyAsync(slots, redis, configure);
    }

    /// <summary>Starts a node whose sandboxes are simulated, which every machine can.</summary>
    public static Task<NodeFixture> StartSimulatedAsync(int slots, RedisServer? redis = null, Action<Dictionary<string, string?>>? configure = null) =>
        StartAnyAsync(slots, redis, settings =>
        {
            settings["Node:Simulated"] = "true";
            settings["Node:RunDirectory"] = Path.Combine(settings["Node:DataDirectory"]!, "run");
            configure?.Invoke(settings);
        });

    private static async Task<NodeFixture> StartAnyAsync(int slots, RedisServer? redis, Action<Dictionary<string, string?>>? configure)
    {
        var own = redis is null;
        if (redis is null)
        {
            redis = new RedisServer();
            await redis.InitializeAsync();
        }

        var fixture = new NodeFixture(redis, own, "t" + Guid.NewGuid().ToString("N")[..6], slots);
        configure?.Invoke(fixture._settings);
        fixture.Id = fixture._settings["Node:Id"]!;
        try
        {
            await fixture.StartNodeAsync();
            return fixture;
        }
        catch
        {
            await fixture.DisposeAsync();
            throw;
        }
    }

    public async Task StartNodeAsync()
    {
        _node = NodeAgentHost.Create([], _settings);
        await _node.StartAsync(TestContext.Current.CancellationToken);
    }

    public async Task StopNodeAsync()
    {
        if (_node is { } node)
        {
            _node = null;
            await node.StopAsync();
            await node.DisposeAsync();
        }
    }

    /// <summary>Applies the counter template and builds its golden snapshot.</summary>
    public async Task ApplyCounterAsync(IdlePolicy? idle = null, ResourceLimits? resources = null) => await ApplyAsync(
        Counter,
        new ContainerSpec { Name = "counter", Image = $"oci:{Machine.CounterImage}:latest", Port = 8080, ReadyPath = "/readyz" },
        idle,
        resources);

    public async Task<GoldenResult> ApplyAsync(TemplateKey key, ContainerSpec container, IdlePolicy? idle = null, ResourceLimits? resources = null)
    {
        var template = new TemplateRecord
        {
            Key = key,
            Uid = Guid.NewGuid().ToString("N"),
            Spec = new TemplateSpec { Container = container, Idle = idle ?? new(), Resources = resources ?? new() },
        };
        var golden = await Get<GoldenBuilder>().BuildAsync(template, TestContext.Current.CancellationToken);
        await Get<TemplateStore>().SwapAsync(0, template with
        {
            Phase = golden.Built ? TemplatePhase.Ready : TemplatePhase.Failed,
            Reason = golden.Reason,
            ImageDigest = golden.ImageDigest,
            GoldenSnapshot = golden.Snapshot,
            GoldenBytes = golden.Bytes,
        });
        return golden;
    }

    public async Task<ActorKey> CreateAsync(string name, string atespace = "demo", TemplateKey? template = null)
    {
        var key = new ActorKey(atespace, name);
        await Actors.CreateAsync(key, Guid.NewGuid().ToString("N"), template ?? Counter, new Dictionary<string, string>());
        return key;
    }

    /// <summary>Claims the actor for this node and activates it, as a proxy would.</summary>
    public async Task<NodeActivation> ActivateAsync(ActorKey key, TimeSpan? wait = null)
    {
        var claim = await Actors.ClaimAsync(key, Guid.NewGuid().ToString("N"), Id, TimeSpan.FromMinutes(1));
        Assert.True(claim.Done, $"claim of {key}: {claim.Outcome} ({claim.Record?.State})");
        return await Get<Activating>().ActivateAsync(new ActivationOrder(
            key, claim.Record!.Epoch, claim.Record.Template, claim.Record.Snapshot?.Id ?? "", false, wait ?? TimeSpan.FromSeconds(20)));
    }

    /// <summary>Suspends the running actor; the record must show that it rests.</summary>
    public async Task<SuspensionResult> SuspendAsync(ActorKey key, bool pause = true)
    {
        var record = await Actors.GetAsync(key);
        return await Get<Suspending>().SuspendAsync(key, record!.Epoch, pause, TimeSpan.FromSeconds(5));
    }

    /// <summary>One request straight to the endpoint, on a connection of its own.</summary>
    public static Task<Count> CountAsync(string endpoint) => CountUntilAsync(endpoint, TestContext.Current.CancellationToken);

    /// <summary>One request that is given up when <paramref name="cancellationToken"/> says so.</summary>
    public static async Task<Count> CountUntilAsync(string endpoint, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{endpoint}/") { Headers = { ConnectionClose = true } };
        using var response = await Client.SendAsync(request, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<Count>(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        await StopNodeAsync();
        if (_ownRedis)
        {
            await _redis.DisposeAsync();
        }

        _directory.Dispose();
    }
}
