using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Goldens;
using Substrate.NodeAgent.Sandboxes;
using Substrate.NodeAgent.Snapshots;
using Substrate.NodeAgent.V1;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Api;

/// <summary>The node's gRPC service: checks what comes in, hands it on, and translates what comes out.</summary>
internal sealed class NodeAgentService(
    IOptions<NodeOptions> options,
    Activating activating,
    Suspending suspending,
    Freezer freezer,
    Uploads uploads,
    GoldenBuilder goldens,
    TemplateStore templates,
    ActorStore actors,
    LiveActors live,
    ImagePreparation images,
    LocalSnapshots local,
    SnapshotStore store,
    ActorLogs logs,
    ICgroups cgroups,
    IHostApplicationLifetime lifetime,
    TimeProvider time) : NodeAgentApi.NodeAgentApiBase
{
    /// <summary>Well below what a gRPC client takes in one message.</summary>
    private const int LogChunk = 64 * 1024;

    /// <summary>A day: whoever wants an actor awake for longer asks again.</summary>
    private const long MostKeepAwakeMs = 86_400_000;

    private readonly NodeOptions _options = options.Value;

    public override async Task<ActivateReply> Activate(ActivateRequest request, ServerCallContext context)
    {
        var key = Key(request.Actor);
        var answer = await activating.ActivateAsync(new ActivationOrder(
            key,
            request.Epoch,
            Template(request.TemplateNamespace, request.TemplateName),
            request.Snapshot,
            request.Boot,
            TimeSpan.FromMilliseconds(Math.Clamp(request.WaitMs, 0, 600_000))));
        if (answer.Outcome == NodeOutcome.Refused && context.CancellationToken.IsCancellationRequested)
        {
            // Nobody is left to move the claim to another node.
            await actors.FailAsync(key, request.Epoch, _options.Id, answer.Reason);
        }

        return new ActivateReply
        {
            Outcome = answer.Outcome switch
            {
                NodeOutcome.Running => ActivateReply.Types.Outcome.Running,
                NodeOutcome.Refused => ActivateReply.Types.Outcome.Refused,
                NodeOutcome.Stale => ActivateReply.Types.Outcome.Stale,
                _ => ActivateReply.Types.Outcome.Failed,
            },
            Endpoint = answer.Endpoint,
            Reason = answer.Reason,
            Timings = new Timings
            {
                QueueUs = Microseconds(answer.Timings.Queue),
                FetchUs = Microseconds(answer.Timings.Fetch),
                RestoreUs = Microseconds(answer.Timings.Restore),
                ReadyUs = Microseconds(answer.Timings.Ready),
                PublishUs = Microseconds(answer.Timings.Publish),
                Warm = answer.Timings.Warm,
            },
        };
    }

    public override async Task<SuspendReply> Suspend(SuspendRequest request, ServerCallContext context)
    {
        var patience = request.Patient ? _options.Patience : _options.Grace;
        var left = context.Deadline == DateTime.MaxValue ? patience : context.Deadline - time.GetUtcNow().UtcDateTime;
        var result = await suspending.SuspendAsync(
            Key(request.Actor), request.Epoch, request.Pause, TimeSpan.FromTicks(Math.Max(0, Math.Min(patience.Ticks, left.Ticks))),
            request.Patient ? SuspensionCause.Request : SuspensionCause.Idle);
        return new SuspendReply
        {
            Reason = result.Reason,
            Outcome = result.Outcome switch
            {
                SuspensionOutcome.Done => SuspendReply.Types.Outcome.Done,
                SuspensionOutcome.Busy => SuspendReply.Types.Outcome.Busy,
                SuspensionOutcome.Stale => SuspendReply.Types.Outcome.Stale,
                SuspensionOutcome.NotStored => SuspendReply.Types.Outcome.NotStored,
                _ => SuspendReply.Types.Outcome.Failed,
            },
        };
    }

    public override async Task<WakeReply> Wake(WakeRequest request, ServerCallContext context) =>
        new() { Aborted = await suspending.WakeAsync(Key(request.Actor), request.Epoch) };

    public override Task<TouchReply> Touch(TouchRequest request, ServerCallContext context)
    {
        if (request.KeepAwakeMs is < 0 or > MostKeepAwakeMs)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"keep_awake_ms is {request.KeepAwakeMs}: it must be between 0 and {MostKeepAwakeMs}"));
        }

        var actor = live.Find(Key(request.Actor));
        if (actor is null || (request.Epoch != 0 && actor.Epoch != request.Epoch) || actor.Phase != LivePhase.Running)
        {
            return Task.FromResult(new TouchReply { Running = false });
        }

        actor.Activity.KeepAwake(time.GetTimestamp() + (request.KeepAwakeMs * time.TimestampFrequency / 1000));
        freezer.Thaw(actor, ThawCause.Call);
        return Task.FromResult(new TouchReply { Running = true });
    }

    public override async Task<UploadReply> Upload(UploadRequest request, ServerCallContext context)
    {
        var problem = await uploads.UploadAsync(Key(request.Actor), request.Snapshot);
        return new UploadReply { Stored = problem is null, Reason = problem ?? "" };
    }

    public override async Task<DiscardReply> Discard(DiscardRequest request, ServerCallContext context)
    {
        var key = Key(request.Actor);
        foreach (var id in request.Snapshots)
        {
            var name = SnapshotName.ForActor(key, id);
            local.Delete(name);
            await store.DeleteAsync(name, context.CancellationToken);
        }

        logs.Discard(key);
        return new DiscardReply();
    }

    public override async Task PrepareImage(
        PrepareImageRequest request, IServerStreamWriter<PrepareImageReply> responseStream, ServerCallContext context)
    {
        var template = await FindAsync(request.TemplateNamespace, request.TemplateName, request.TemplateUid);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        await foreach (var progress in images.PrepareAsync(template, ending.Token))
        {
            await responseStream.WriteAsync(progress, ending.Token);
        }
    }

    public override async Task<BuildGoldenReply> BuildGolden(BuildGoldenRequest request, ServerCallContext context)
    {
        var template = await FindAsync(request.TemplateNamespace, request.TemplateName, request.TemplateUid);
        var result = await goldens.BuildAsync(template, context.CancellationToken);
        return new BuildGoldenReply
        {
            Built = result.Built,
            Reason = result.Reason,
            LastOutput = result.LastOutput,
            ImageDigest = result.ImageDigest,
            Snapshot = result.Snapshot,
            Bytes = result.Bytes,
            Retry = result.Retry,
        };
    }

    public override Task<ListSandboxesReply> ListSandboxes(ListSandboxesRequest request, ServerCallContext context)
    {
        var reply = new ListSandboxesReply();
        var now = time.GetTimestamp();
        foreach (var actor in live.All)
        {
            if (actor.Sandbox is not { } sandbox || actor.Phase == LivePhase.Gone)
            {
                continue;
            }

            var busy = actor.Activity.Busy || actor.Phase == LivePhase.Suspending;
            reply.Sandboxes.Add(new V1.Sandbox
            {
                Actor = new V1.Actor { Atespace = actor.Key.Atespace, Name = actor.Key.Name },
                Epoch = actor.Epoch,
                TemplateNamespace = sandbox.Template.Key.Namespace,
                TemplateName = sandbox.Template.Key.Name,
                Busy = busy,
                IdleMs = busy ? 0 : (long)time.GetElapsedTime(actor.Activity.BusyAt, now).TotalMilliseconds,
                MemoryBytes = cgroups.Memory(sandbox.Id),
                UptimeMs = (long)time.GetElapsedTime(actor.Since, now).TotalMilliseconds,
                Phase = actor.Phase.ToString().ToLowerInvariant(),
                Frozen = actor.Frost is not null,
            });
        }

        return Task.FromResult(reply);
    }

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogsChunk> responseStream, ServerCallContext context)
    {
        var key = Key(request.Actor);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            await foreach (var data in logs.ReadAsync(key, () => live.Find(key)?.Sandbox, request.TailBytes, request.Follow, ending.Token))
            {
                for (var at = 0; at < data.Length; at += LogChunk)
                {
                    var part = data.Slice(at, Math.Min(LogChunk, data.Length - at));
                    await responseStream.WriteAsync(new LogsChunk { Data = UnsafeByteOperations.UnsafeWrap(part) }, ending.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The reader has seen enough, or the node stops.
        }
    }

    private async Task<TemplateRecord> FindAsync(string templateNamespace, string name, string uid)
    {
        var key = Template(templateNamespace, name);
        return (await templates.GetAsync(key))?.Value is { } template && template.Uid == uid
            ? template
            : throw new RpcException(new Status(StatusCode.NotFound, $"ActorTemplate {key} with uid {uid} not found"));
    }

    private static ActorKey Key(V1.Actor? actor) =>
        ActorKey.TryParse($"{actor?.Atespace}/{actor?.Name}", out var key)
            ? key
            : throw new RpcException(new Status(StatusCode.InvalidArgument, $"actor '{actor?.Atespace}/{actor?.Name}' is not two DNS labels"));

    private static TemplateKey Template(string templateNamespace, string name) =>
        TemplateKey.TryParse($"{templateNamespace}/{name}", out var key)
            ? key
            : throw new RpcException(new Status(StatusCode.InvalidArgument, $"template '{templateNamespace}/{name}' is not two DNS labels"));

    private static long Microseconds(TimeSpan span) => (long)span.TotalMicroseconds;
}
