using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Substrate.NodeAgent.V1;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using static Substrate.NodeAgent.V1.SuspendReply.Types;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Substrate.Scheduler.ComponentTests.Fakes;

/// <summary>A node agent without sandboxes: a real gRPC server that makes the transitions of a real one, and whose answers tests can replace.</summary>
internal sealed class FakeNode : NodeAgentApi.NodeAgentApiBase, IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly ActorStore _actors;
    private readonly WebApplication _app;
    private NodeStatus _status;

    private FakeNode(string id, IConnectionMultiplexer redis)
    {
        _actors = new(redis);
        Registry = new(redis);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrel(static k => k.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService<FakeNode>();
        _status = new() { Id = id, Incarnation = Guid.NewGuid().ToString("N"), Address = "", Slots = 4, Pool = "pool-a" };
    }

    public NodeRegistry Registry { get; }

    public string Id => _status.Id;

    /// <summary>What it says when asked what runs there.</summary>
    public ConcurrentDictionary<ActorKey, Sandbox> Sandboxes { get; } = new();

    /// <summary>Names of the calls that came, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Answers instead of the usual one, when set.</summary>
    public Func<BuildGoldenRequest, CancellationToken, Task<BuildGoldenReply>>? OnBuildGolden { get; set; }

    /// <inheritdoc cref="OnBuildGolden"/>
    public Func<SuspendRequest, CancellationToken, Task<SuspendReply?>>? OnSuspend { get; set; }

    /// <inheritdoc cref="OnBuildGolden"/>
    public Func<UploadRequest, CancellationToken, Task<UploadReply?>>? OnUpload { get; set; }

    public static async Task<FakeNode> StartAsync(string id, IConnectionMultiplexer redis, ImmutableSortedDictionary<string, string>? labels = null)
    {
        var node = new FakeNode(id, redis);
        await node._app.StartAsync();
        var address = node._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        node._status = node._status with { Address = address, Labels = labels ?? ImmutableSortedDictionary<string, string>.Empty };
        await node.RenewAsync(Lease);
        return node;
    }

    public async Task RenewAsync(TimeSpan lease)
    {
        await Registry.RenewAsync(_status, lease, "");
        await Registry.AnnounceAsync(Id);
    }

    /// <summary>Publishes another status.</summary>
    public Task UpdateAsync(Func<NodeStatus, NodeStatus> change)
    {
        _status = change(_status);
        return RenewAsync(Lease);
    }

    /// <summary>Lets the lease run out at once, as if the machine had vanished.</summary>
    public Task DieAsync() => RenewAsync(TimeSpan.Zero);

    /// <summary>Takes an actor at rest through a claim to RUNNING here.</summary>
    public async Task<ActorRecord> RunAsync(ActorKey key)
    {
        var claim = await _actors.ClaimAsync(key, Guid.NewGuid().ToString("N"), Id, Within);
        return await RunningAsync(claim.Record!);
    }

    public override async Task<ActivateReply> Activate(ActivateRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"activate{(request.Boot ? " boot" : "")}");
        var record = await _actors.GetAsync(Key(request.Actor));
        var running = await RunningAsync(record!);
        return new() { Outcome = ActivateReply.Types.Outcome.Running, Endpoint = running.Endpoint, Timings = new() };
    }

    public override async Task<SuspendReply> Suspend(SuspendRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"suspend pause={request.Pause} patient={request.Patient}");
        if (OnSuspend is { } instead && await instead(request, context.CancellationToken) is { } reply)
        {
            return reply;
        }

        var key = Key(request.Actor);
        var begun = request.Pause ? await _actors.BeginPauseAsync(key, request.Epoch, Within) : await _actors.BeginSuspendAsync(key, request.Epoch, Within);
        if (!begun.Done)
        {
            return new() { Outcome = Outcome.Stale, Reason = "not here" };
        }

        await FinishAsync(key);
        return new() { Outcome = Outcome.Done };
    }

    /// <summary>Commits the checkpoint of an actor that is SUSPENDING or PAUSING.</summary>
    public async Task FinishAsync(ActorKey key)
    {
        var record = (await _actors.GetAsync(key))!;
        var snapshot = $"{record.Epoch}-{Guid.NewGuid():N}";
        _ = record.State == ActorState.Pausing
            ? await _actors.PausedAsync(key, record.Epoch, snapshot, Id, 1000)
            : await _actors.SuspendedAsync(key, record.Epoch, snapshot, Id, 1000);
        Sandboxes.TryRemove(key, out _);
    }

    public override async Task<UploadReply> Upload(UploadRequest request, ServerCallContext context)
    {
        Calls.Enqueue("upload");
        if (OnUpload is { } instead && await instead(request, context.CancellationToken) is { } reply)
        {
            return reply;
        }

        await _actors.UploadedAsync(Key(request.Actor), request.Snapshot);
        return new() { Stored = true };
    }

    public override Task<DiscardReply> Discard(DiscardRequest request, ServerCallContext context)
    {
        Calls.Enqueue($"discard {string.Join(',', request.Snapshots)}");
        return Task.FromResult(new DiscardReply());
    }

    public override Task<WakeReply> Wake(WakeRequest request, ServerCallContext context)
    {
        Calls.Enqueue("wake");
        return Task.FromResult(new WakeReply());
    }

    public override async Task<BuildGoldenReply> BuildGolden(BuildGoldenRequest request, ServerCallContext context)
    {
        Calls.Enqueue("build");
        return OnBuildGolden is { } instead
            ? await instead(request, context.CancellationToken)
            : new() { Built = true, ImageDigest = "sha256:1", Snapshot = "golden-1", Bytes = 42 };
    }

    public override Task<ListSandboxesReply> ListSandboxes(ListSandboxesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListSandboxesReply { Sandboxes = { Sandboxes.Values } });

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogsChunk> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new() { Data = Google.Protobuf.ByteString.CopyFromUtf8($"{Id} {request.TailBytes} ") });
        await responseStream.WriteAsync(new() { Data = Google.Protobuf.ByteString.CopyFromUtf8(request.Actor.Name) });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<ActorRecord> RunningAsync(ActorRecord claimed)
    {
        var running = await _actors.RunningAsync(claimed.Key, claimed.Epoch, Id, "127.0.0.1:20001");
        Sandboxes[claimed.Key] = new()
        {
            Actor = new() { Atespace = claimed.Key.Atespace, Name = claimed.Key.Name },
            Epoch = claimed.Epoch,
            TemplateNamespace = claimed.Template.Namespace,
            TemplateName = claimed.Template.Name,
            Phase = "running",
        };
        return running.Record!;
    }

    private static ActorKey Key(NodeAgent.V1.Actor actor) => new(actor.Atespace, actor.Name);
}
