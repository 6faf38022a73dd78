using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Substrate.NodeAgent.V1;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>A node agent whose actors are servers in this process. It writes the transitions that a real node writes.</summary>
internal sealed class FakeNode(string id, ActorStore store, NodeRegistry registry) : NodeAgentApi.NodeAgentApiBase, IAsyncDisposable
{
    private WebApplication? _app;

    public string Id => id;

    public ConcurrentDictionary<ActorKey, FakeActor> Actors { get; } = new();

    public ConcurrentDictionary<(ActorKey Actor, int Port), FakeActor> Further { get; } = new();

    public ConcurrentQueue<ActivateRequest> Activations { get; } = new();

    public ConcurrentQueue<Metadata> Headers { get; } = new();

    /// <summary>Every actor that ever ran here.</summary>
    public ConcurrentQueue<FakeActor> Ran { get; } = new();

    /// <summary>A pause that has begun is not called off.</summary>
    public bool Resolute { get; set; }

    /// <summary>Its actors speak HTTP/2 in clear text and serve gRPC.</summary>
    public bool H2c { get; set; }

    /// <summary>Further ports of its actors, each of which is a server of its own.</summary>
    public IReadOnlyList<int> Ports { get; set; } = [];

    /// <summary>Runs before an activation; an answer of its own takes the activation's place.</summary>
    public Func<ActivateRequest, Task<ActivateReply?>> Before { get; set; } = static _ => Task.FromResult<ActivateReply?>(null);

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        builder.WebHost.ConfigureKestrel(static kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapGrpcService<FakeNode>();
        await _app.StartAsync();
        await RenewAsync();
    }

    public async Task RenewAsync(bool draining = false)
    {
        var status = new NodeStatus { Id = id, Incarnation = id, Address = _app!.Urls.First(), Slots = 1000, Draining = draining };
        await registry.RenewAsync(status, TimeSpan.FromHours(1), "");
        await registry.AnnounceAsync(id);
    }

    public override async Task<ActivateReply> Activate(ActivateRequest request, ServerCallContext context)
    {
        Activations.Enqueue(request);
        Headers.Enqueue(context.RequestHeaders);
        if (await Before(request) is { } other)
        {
            return other;
        }

        var key = new ActorKey(request.Actor.Atespace, request.Actor.Name);
        var actor = await FakeActor.StartAsync(key, request.Epoch, H2c);
        var further = new List<(int, int)>();
        foreach (var port in Ports)
        {
            var server = await FakeActor.StartAsync(key with { Name = $"{key.Name}-{port}" }, request.Epoch);
            Further[(key, port)] = server;
            further.Add((port, server.Port));
        }

        var endpoint = Endpoints.Write("127.0.0.1", actor.Port, further);
        var running = await store.RunningAsync(key, request.Epoch, id, endpoint);
        if (!running.Done)
        {
            await actor.DisposeAsync();
            return new ActivateReply { Outcome = ActivateReply.Types.Outcome.Stale };
        }

        Actors[key] = actor;
        Ran.Enqueue(actor);
        return new ActivateReply
        {
            Outcome = ActivateReply.Types.Outcome.Running,
            Endpoint = endpoint,
            Timings = new Timings { QueueUs = 10, RestoreUs = 500, Warm = true },
        };
    }

    public override async Task<WakeReply> Wake(WakeRequest request, ServerCallContext context)
    {
        if (Resolute)
        {
            return new WakeReply();
        }

        var aborted = await store.AbortAsync(new ActorKey(request.Actor.Atespace, request.Actor.Name), request.Epoch, "");
        return new WakeReply { Aborted = aborted.Done };
    }

    /// <summary>Lets what listens at <paramref name="endpoint"/> be every actor that is activated from now on.</summary>
    public void Impersonate(string endpoint) => Before = async request =>
    {
        await store.RunningAsync(new ActorKey(request.Actor.Atespace, request.Actor.Name), request.Epoch, id, endpoint);
        return new ActivateReply { Outcome = ActivateReply.Types.Outcome.Running, Endpoint = endpoint };
    };

    /// <summary>Puts a running actor to rest, as a whole.</summary>
    public async Task PauseAsync(ActorKey key)
    {
        var actor = Actors[key];
        Assert.True((await store.BeginPauseAsync(key, actor.Epoch, TimeSpan.FromMinutes(1))).Done);
        await EndAsync(key);
        Assert.True((await store.PausedAsync(key, actor.Epoch, $"{actor.Epoch}-snap", id, 1)).Done);
    }

    /// <summary>Ends an actor's process and tells nobody.</summary>
    public async Task EndAsync(ActorKey key)
    {
        Actors.TryRemove(key, out var actor);
        await actor!.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in Actors.Values.Concat(Further.Values))
        {
            await actor.DisposeAsync();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }
}
