using Substrate.Admin.V1;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Finding actors by what they are and where, and the labels by which they are found.</summary>
internal sealed class FindCalls(ListingCalls listing, ActorStore actors)
{
    public async Task<FindActorsResponse> FindAsync(FindActorsRequest request, CancellationToken cancellationToken)
    {
        AdminRules.Labels(request.Labels);
        var query = new ActorQuery
        {
            Atespace = request.Atespace.Length == 0 ? "" : AdminRules.Label("atespace", request.Atespace),
            Template = AdminRules.Template(request.TemplateNamespace, request.TemplateName),
            States = AdminRules.States(request.States),
            Node = request.Node.Length == 0 ? "" : AdminRules.Label("node", request.Node),
            Labels = new Dictionary<string, string>(request.Labels),
        };
        var (page, next) = await listing.ListAsync(query, request.PageSize, request.PageToken, cancellationToken);
        return new() { Actors = { page.Select(AdminMessages.Actor) }, NextPageToken = next };
    }

    public async Task<LabelActorResponse> LabelAsync(LabelActorRequest request)
    {
        var key = AdminRules.Actor(request.Atespace, request.Name);
        AdminRules.Labels(request.Labels);
        var labeled = await actors.LabelAsync(key, request.Labels);
        return labeled.Record is { } record ? new() { Actor = AdminMessages.Actor(record) } : throw ApiErrors.ActorNotFound(key.Name);
    }
}
