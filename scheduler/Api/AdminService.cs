using System.Globalization;
using Grpc.Core;
using Substrate.Admin.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Templates;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary><c>substrate.v1.Admin</c>.</summary>
internal sealed partial class AdminService(
    TemplateApplier applier, TemplateStore templates, ActorStore actors, NodeAgentClients agents, ClusterViewFeed view, NodeWishes wishes, DomainCalls domains,
    FindCalls find,
    WatchCalls watch,
    ExplainCalls explain,
    AtespaceCalls atespaces,
    NodeCalls nodes,
    StatisticsCalls statistics,
    TimerCalls timers,
    TemplateCalls templateCalls) : Admin.V1.Admin.AdminBase
{
    public override async Task<ApplyResponse> Apply(ApplyRequest request, ServerCallContext context)
    {
        var read = ManifestReader.Read(request.Manifest, request.Source, request.BaseDirectory);
        if (!read.Valid)
        {
            throw ApiErrors.Invalid(string.Join('\n', read.Problems));
        }

        var applied = await applier.ApplyAsync(read.Templates, context.CancellationToken);
        return new() { Templates = { applied.Select(static a => new AppliedTemplate { Template = Show(a.Record), Result = a.Result }) } };
    }

    public override async Task<GetTemplateResponse> GetTemplate(GetTemplateRequest request, ServerCallContext context)
    {
        var (ns, name) = (request.Namespace.Length == 0 ? "default" : request.Namespace, request.Name);
        var known = Names.IsLabel(ns) && Names.IsLabel(name) ? await templates.GetAsync(new(ns, name)) : null;
        return known is null ? throw ApiErrors.TemplateNotFound(ns, name) : new() { Template = Show(known.Value) };
    }

    public override async Task<ListTemplatesResponse> ListTemplates(ListTemplatesRequest request, ServerCallContext context) =>
        new() { Templates = { (await templates.ListAsync()).Select(Show) } };

    public override async Task Logs(LogsRequest request, IServerStreamWriter<LogsChunk> responseStream, ServerCallContext context)
    {
        var record = await FindAsync(request.Atespace, request.Name);
        var id = record.Node.Length > 0 ? record.Node : record.Snapshot?.Node ?? "";
        if (id.Length == 0)
        {
            throw ApiErrors.NeverRan(record.Key);
        }

        var node = view.Current.Find(id) ?? throw ApiErrors.NodeGone($"node {id}, which has the output of actor {record.Key.Name}, is not alive");
        try
        {
            await foreach (var chunk in agents.ReadLogsAsync(node.Status, record.Key, request.Follow, Math.Max(0, request.TailBytes), context.CancellationToken))
            {
                await responseStream.WriteAsync(new() { Data = chunk.Data }, context.CancellationToken);
            }
        }
        catch (RpcException e) when (!context.CancellationToken.IsCancellationRequested)
        {
            throw e.StatusCode == StatusCode.NotFound
                ? ApiErrors.NeverRan(record.Key)
                : ApiErrors.NodeGone($"node {id} ended the output of actor {record.Key.Name}: {e.Status.Detail}");
        }
    }

    public override async Task<DescribeActorResponse> DescribeActor(DescribeActorRequest request, ServerCallContext context)
    {
        var record = await FindAsync(request.Atespace, request.Name);
        return new()
        {
            Epoch = record.Epoch,
            Endpoint = record.Endpoint,
            Node = record.Node,
            Snapshot = record.Snapshot?.Id ?? "",
            SnapshotBytes = record.Snapshot?.Bytes ?? 0,
            OnOneNodeOnly = record.OnOneNodeOnly,
            Reason = record.Reason,
            CreatedAt = Rfc3339(record.CreatedAt),
            UpdatedAt = Rfc3339(record.UpdatedAt),
        };
    }

    public override async Task<CordonNodeResponse> CordonNode(CordonNodeRequest request, ServerCallContext context)
    {
        await wishes.WishAsync(request.Node, NodeWish.Cordon);
        return new();
    }

    public override async Task<UncordonNodeResponse> UncordonNode(UncordonNodeRequest request, ServerCallContext context)
    {
        await wishes.WishAsync(request.Node, NodeWish.None);
        return new();
    }

    public override async Task<DrainNodeResponse> DrainNode(DrainNodeRequest request, ServerCallContext context)
    {
        await wishes.WishAsync(request.Node, NodeWish.Drain);
        return new();
    }

    public override Task<Domain> CreateDomain(CreateDomainRequest request, ServerCallContext context) => domains.CreateAsync(request);

    public override Task<ListDomainsResponse> ListDomains(ListDomainsRequest request, ServerCallContext context) => domains.ListAsync(request);

    public override Task<DeleteDomainResponse> DeleteDomain(DeleteDomainRequest request, ServerCallContext context) => domains.DeleteAsync(request);

    private async Task<ActorRecord> FindAsync(string atespace, string name)
    {
        if (ApiRules.Actor(new() { Atespace = atespace, Name = name }, "name") is { } problem)
        {
            throw ApiErrors.Invalid(problem);
        }

        return await actors.GetAsync(new(atespace, name)) ?? throw ApiErrors.ActorNotFound(name);
    }

    private static Template Show(TemplateRecord record) => new()
    {
        Namespace = record.Key.Namespace,
        Name = record.Key.Name,
        Phase = record.Phase.ToString(),
        Reason = record.Reason,
        LastOutput = record.LastOutput,
        Image = record.Spec.Container.Image,
        ImageDigest = record.ImageDigest,
        GoldenSnapshot = record.GoldenSnapshot,
        GoldenBytes = record.GoldenBytes,
        Manifest = record.Manifest,
        Progress = record.Progress,
        CreatedAt = Rfc3339(record.CreatedAt),
    };

    private static string Rfc3339(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
