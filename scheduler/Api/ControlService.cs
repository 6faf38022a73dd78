using Grpc.Core;
using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary><c>ateapi.Control</c>: checks each request and hands it on.</summary>
internal sealed class ControlService(
    ActorCalls actors,
    RestCalls rest,
    ResumeCalls resume,
    ListingCalls listing,
    WorkerCalls workers,
    AtespaceStore atespaces,
    ClusterViewFeed view,
    CallLimit limit) : Control.ControlBase
{
    public override async Task<GetActorResponse> GetActor(GetActorRequest request, ServerCallContext context) =>
        new() { Actor = Show(await actors.GetAsync(Key(request.ActorRef, "id"))) };

    public override async Task<CreateActorResponse> CreateActor(CreateActorRequest request, ServerCallContext context)
    {
        Demand(request.ActorTemplateNamespace.Length == 0 ? "actor_template_namespace is required" : null);
        Demand(request.ActorTemplateName.Length == 0 ? "actor_template_name is required" : null);
        var key = Key(request.ActorRef, "actor_id");
        Demand(ApiRules.Selector(request.WorkerSelector));
        var template = new TemplateKey(request.ActorTemplateNamespace, request.ActorTemplateName);
        return new() { Actor = Show(await actors.CreateAsync(key, template, request.WorkerSelector)) };
    }

    public override async Task<UpdateActorResponse> UpdateActor(UpdateActorRequest request, ServerCallContext context)
    {
        var key = Key(request.ActorRef, "actor_id");
        Demand(ApiRules.Selector(request.WorkerSelector));
        return new() { Actor = Show(await actors.UpdateAsync(key, request.WorkerSelector)) };
    }

    public override async Task<SuspendActorResponse> SuspendActor(SuspendActorRequest request, ServerCallContext context) =>
        new() { Actor = Show(await rest.SuspendAsync(Key(request.ActorRef, "id"), limit.Start(context), context.CancellationToken)) };

    public override async Task<PauseActorResponse> PauseActor(PauseActorRequest request, ServerCallContext context) =>
        new() { Actor = Show(await rest.PauseAsync(Key(request.ActorRef, "id"), limit.Start(context), context.CancellationToken)) };

    public override async Task<ResumeActorResponse> ResumeActor(ResumeActorRequest request, ServerCallContext context) =>
        new() { Actor = Show(await resume.ResumeAsync(Key(request.ActorRef, "id"), request.Boot, limit.Start(context), context.CancellationToken)) };

    public override async Task<DeleteActorResponse> DeleteActor(DeleteActorRequest request, ServerCallContext context)
    {
        await actors.DeleteAsync(Key(request.ActorRef, "actor_id"), limit.Start(context), context.CancellationToken);
        return new();
    }

    public override async Task<ListActorsResponse> ListActors(ListActorsRequest request, ServerCallContext context)
    {
        Demand(request.Atespace.Length == 0 ? null : ApiRules.Atespace(request.Atespace, "atespace"));
        var (page, next) = await listing.ListAsync(new() { Atespace = request.Atespace }, request.PageSize, request.PageToken, context.CancellationToken);
        return new() { Actors = { page.Select(Show) }, NextPageToken = next };
    }

    public override async Task<ListWorkersResponse> ListWorkers(ListWorkersRequest request, ServerCallContext context) =>
        new() { Workers = { await workers.ListAsync(context.CancellationToken) } };

    public override async Task<CreateAtespaceResponse> CreateAtespace(CreateAtespaceRequest request, ServerCallContext context)
    {
        Demand(ApiRules.Atespace(request.Name, "name"));
        return await atespaces.CreateAsync(request.Name)
            ? new() { Atespace = new() { Name = request.Name } }
            : throw ApiErrors.AtespaceExists(request.Name);
    }

    public override async Task<GetAtespaceResponse> GetAtespace(GetAtespaceRequest request, ServerCallContext context)
    {
        Demand(ApiRules.Atespace(request.Name, "name"));
        return await atespaces.ExistsAsync(request.Name)
            ? new() { Atespace = new() { Name = request.Name } }
            : throw ApiErrors.AtespaceNotFound(request.Name);
    }

    public override async Task<ListAtespacesResponse> ListAtespaces(ListAtespacesRequest request, ServerCallContext context) =>
        new() { Atespaces = { (await atespaces.ListAsync()).Select(static name => new Atespace { Name = name }) } };

    public override async Task<DeleteAtespaceResponse> DeleteAtespace(DeleteAtespaceRequest request, ServerCallContext context)
    {
        Demand(ApiRules.Atespace(request.Name, "name"));
        return await atespaces.DeleteAsync(request.Name, context.CancellationToken) switch
        {
            null => throw ApiErrors.AtespaceNotFound(request.Name),
            false => throw ApiErrors.AtespaceNotEmpty(request.Name),
            true => new(),
        };
    }

    public override Task<DebugClearResponse> DebugClear(DebugClearRequest request, ServerCallContext context) => throw ApiErrors.DebugClearOff();

    private Actor Show(ActorRecord record) => ActorMessages.Actor(record, view.Current);

    private static ActorKey Key(ActorRef? reference, string emptyName)
    {
        Demand(ApiRules.Actor(reference, emptyName));
        return new(reference!.Atespace, reference.Name);
    }

    private static void Demand(string? problem)
    {
        if (problem is not null)
        {
            throw ApiErrors.Invalid(problem);
        }
    }
}
