using Grpc.Core;
using Substrate.Admin.V1;

namespace Substrate.Scheduler.Api;

/// <summary>The calls about actors, atespaces, nodes, timers and the cluster; each is answered by a class of its own.</summary>
internal sealed partial class AdminService
{
    public override async Task<DeleteTemplateResponse> DeleteTemplate(DeleteTemplateRequest request, ServerCallContext context)
    {
        await templateCalls.DeleteAsync(request, context.CancellationToken);
        return new();
    }

    public override Task<FindActorsResponse> FindActors(FindActorsRequest request, ServerCallContext context) => find.FindAsync(request, context.CancellationToken);

    public override Task<LabelActorResponse> LabelActor(LabelActorRequest request, ServerCallContext context) => find.LabelAsync(request);

    public override Task<ExplainActorResponse> ExplainActor(ExplainActorRequest request, ServerCallContext context) =>
        explain.ExplainAsync(request, context.CancellationToken);

    public override Task WatchActors(WatchActorsRequest request, IServerStreamWriter<WatchActorsEvent> responseStream, ServerCallContext context) =>
        watch.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task WatchNodes(WatchNodesRequest request, IServerStreamWriter<WatchNodesEvent> responseStream, ServerCallContext context) =>
        nodes.WatchAsync(responseStream, context.CancellationToken);

    public override Task<GetAtespaceSettingsResponse> GetAtespaceSettings(GetAtespaceSettingsRequest request, ServerCallContext context) => atespaces.GetAsync(request);

    public override Task<SetAtespaceSettingsResponse> SetAtespaceSettings(SetAtespaceSettingsRequest request, ServerCallContext context) => atespaces.SetAsync(request);

    public override Task<ListNodesResponse> ListNodes(ListNodesRequest request, ServerCallContext context) => nodes.ListAsync();

    public override Task<GetNodeResponse> GetNode(GetNodeRequest request, ServerCallContext context) => nodes.GetAsync(request, context.CancellationToken);

    public override Task<ListPoolsResponse> ListPools(ListPoolsRequest request, ServerCallContext context) => nodes.PoolsAsync();

    public override Task<GetStatisticsResponse> GetStatistics(GetStatisticsRequest request, ServerCallContext context) => statistics.GetAsync();

    public override Task<SetTimerResponse> SetTimer(SetTimerRequest request, ServerCallContext context) => timers.SetAsync(request);

    public override Task<ListTimersResponse> ListTimers(ListTimersRequest request, ServerCallContext context) => timers.ListAsync(request);

    public override async Task<DeleteTimerResponse> DeleteTimer(DeleteTimerRequest request, ServerCallContext context)
    {
        await timers.DeleteAsync(request);
        return new();
    }
}
