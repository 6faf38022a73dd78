using System.Runtime.CompilerServices;
using Grpc.Core;
using Substrate.NodeAgent.V1;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Templates;
using static Substrate.NodeAgent.V1.NodeAgentApi;

namespace Substrate.NodeAgents;

/// <summary>
/// The calls to node agents. Each has a deadline; one that ends without an answer is a value, not an exception, since a node that
/// is away is expected. Cancelling a call ends the waiting only: a node finishes what it began.
/// </summary>
/// <param name="token">Shared secret sent as a bearer token; null or empty for none.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeAgentClients(string? token, TimeProvider time) : INodeAgents, IAsyncDisposable
{
    /// <summary>What an activation may take beyond waiting for room: fetching the snapshot, restoring it, probing readiness, once more on another slot.</summary>
    private static readonly TimeSpan ActivateLimit = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DiscardLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UploadLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LogsLimit = TimeSpan.FromMinutes(1);

    private readonly NodeChannels _channels = new(time);
    private readonly Metadata? _headers = string.IsNullOrEmpty(token) ? null : new Metadata { { "authorization", $"Bearer {token}" } };

    public async Task<NodeActivation> ActivateAsync(
        NodeStatus node, ActorRecord record, bool boot, TimeSpan wait, CancellationToken cancellationToken)
    {
        var request = NodeMessages.Activate(record, boot, wait);
        var answer = await CallAsync(
            node, request, wait + ActivateLimit, static (client, request, options) => client.ActivateAsync(request, options), cancellationToken);
        return answer.Reply is { } reply ? NodeMessages.Activation(reply) : new(NodeOutcome.Unreachable, "", answer.Problem);
    }

    /// <summary>Tells the node; a call that fails is ignored, since the record carries the wish as well.</summary>
    public async Task WakeAsync(NodeStatus node, ActorRecord record, CancellationToken cancellationToken)
    {
        var request = new WakeRequest { Actor = NodeMessages.Actor(record.Key), Epoch = record.Epoch };
        await CallAsync(node, request, QuickLimit, static (client, request, options) => client.WakeAsync(request, options), cancellationToken);
    }

    /// <summary>Suspends a running actor.</summary>
    /// <param name="node">The node that runs it.</param>
    /// <param name="key">The actor.</param>
    /// <param name="epoch">Its epoch; another one is answered STALE.</param>
    /// <param name="pause">Leave the snapshot on the node's disk.</param>
    /// <param name="patient">Wait for requests in flight until <paramref name="limit"/>; otherwise the node gives up after a short grace period.</param>
    /// <param name="limit">The call's deadline.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<NodeAnswer<SuspendReply>> SuspendAsync(
        NodeStatus node, ActorKey key, long epoch, bool pause, bool patient, TimeSpan limit, CancellationToken cancellationToken) =>
        CallAsync(
            node,
            new SuspendRequest { Actor = NodeMessages.Actor(key), Epoch = epoch, Pause = pause, Patient = patient },
            limit,
            static (client, request, options) => client.SuspendAsync(request, options),
            cancellationToken);

    /// <summary>Moves the snapshot of a resting actor from the node's disk to the store.</summary>
    public Task<NodeAnswer<UploadReply>> UploadAsync(NodeStatus node, ActorKey key, string snapshot, CancellationToken cancellationToken) =>
        CallAsync(
            node,
            new UploadRequest { Actor = NodeMessages.Actor(key), Snapshot = snapshot },
            UploadLimit,
            static (client, request, options) => client.UploadAsync(request, options),
            cancellationToken);

    /// <summary>Removes what is kept of a deleted actor.</summary>
    public Task<NodeAnswer<DiscardReply>> DiscardAsync(
        NodeStatus node, ActorKey key, IEnumerable<string> snapshots, CancellationToken cancellationToken) =>
        CallAsync(
            node,
            new DiscardRequest { Actor = NodeMessages.Actor(key), Snapshots = { snapshots } },
            DiscardLimit,
            static (client, request, options) => client.DiscardAsync(request, options),
            cancellationToken);

    /// <summary>Brings a template's image to the node. The last message is READY or FAILED.</summary>
    /// <exception cref="RpcException">The node could not be reached, or broke off.</exception>
    public async IAsyncEnumerable<PrepareImageReply> PrepareImageAsync(
        NodeStatus node, TemplateRecord template, TimeSpan limit, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var use = _channels.Rent(node.Address);
        using var call = use.Client.PrepareImage(NodeMessages.PrepareImage(template), _headers, Deadline(limit), cancellationToken);
        await foreach (var progress in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return progress;
        }
    }

    /// <summary>Starts a fresh process of a template and takes its golden snapshot.</summary>
    /// <param name="node">The node.</param>
    /// <param name="template">The template; its uid fences older applications of it.</param>
    /// <param name="limit">The call's deadline: the time for the image and for the process to become ready.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<NodeAnswer<BuildGoldenReply>> BuildGoldenAsync(
        NodeStatus node, TemplateRecord template, TimeSpan limit, CancellationToken cancellationToken) =>
        CallAsync(
            node,
            NodeMessages.BuildGolden(template),
            limit,
            static (client, request, options) => client.BuildGoldenAsync(request, options),
            cancellationToken);

    /// <summary>The live actors of the node and how idle they are.</summary>
    public Task<NodeAnswer<ListSandboxesReply>> ListSandboxesAsync(NodeStatus node, CancellationToken cancellationToken) =>
        CallAsync(
            node,
            new ListSandboxesRequest(),
            QuickLimit,
            static (client, request, options) => client.ListSandboxesAsync(request, options),
            cancellationToken);

    /// <summary>What an actor wrote to its standard output and error. Following has no deadline but the caller's leaving and the node's life.</summary>
    /// <exception cref="RpcException">The node could not be reached, or knows nothing of the actor.</exception>
    public async IAsyncEnumerable<LogsChunk> ReadLogsAsync(
        NodeStatus node, ActorKey key, bool follow, long tailBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var use = _channels.Rent(node.Address);
        var request = new LogsRequest { Actor = NodeMessages.Actor(key), Follow = follow, TailBytes = tailBytes };
        using var call = use.Client.Logs(request, _headers, follow ? null : Deadline(LogsLimit), cancellationToken);
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            yield return chunk;
        }
    }

    public ValueTask DisposeAsync()
    {
        _channels.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<NodeAnswer<TReply>> CallAsync<TRequest, TReply>(
        NodeStatus node,
        TRequest request,
        TimeSpan limit,
        Func<NodeAgentApiClient, TRequest, CallOptions, AsyncUnaryCall<TReply>> start,
        CancellationToken cancellationToken)
        where TReply : class
    {
        using var use = _channels.Rent(node.Address);
        try
        {
            using var call = start(use.Client, request, new CallOptions(_headers, Deadline(limit), cancellationToken));
            return new(await call.ResponseAsync, "");
        }
        catch (RpcException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(null, $"node {node.Id} at {node.Address} gave no answer: {e.StatusCode} ({e.Status.Detail})");
        }
    }

    private DateTime Deadline(TimeSpan limit) => (time.GetUtcNow() + limit).UtcDateTime;
}
