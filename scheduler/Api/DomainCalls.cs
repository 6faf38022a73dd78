using Substrate.Admin.V1;
using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Custom domains of actors.</summary>
internal sealed class DomainCalls(DomainStore domains, ActorStore actors)
{
    public async Task<Domain> CreateAsync(CreateDomainRequest request)
    {
        var (name, actor) = (Checked(request.Name), new ActorRef { Atespace = request.Atespace, Name = request.Actor });
        if (ApiRules.Actor(actor, "actor") is { } problem)
        {
            throw ApiErrors.Invalid(problem);
        }

        var key = new ActorKey(request.Atespace, request.Actor);
        if (await actors.GetAsync(key) is null)
        {
            throw ApiErrors.ActorNotFound(request.Actor);
        }

        return await domains.CreateAsync(name, key) is { } other ? throw ApiErrors.DomainTaken(name, other) : Show(name, key);
    }

    public async Task<ListDomainsResponse> ListAsync(ListDomainsRequest request)
    {
        if (ApiRules.PageSize(request.PageSize) is { } problem)
        {
            throw ApiErrors.Invalid(problem);
        }

        // The token is the last name of the page before; one more than asked for tells whether there is a next page.
        var after = request.PageToken.Length == 0 || DomainName.IsDomain(request.PageToken) ? request.PageToken : throw ApiErrors.Invalid("invalid page token");
        var size = request.PageSize == 0 ? ApiRules.LargestPage : request.PageSize;
        var found = await domains.ListAsync(after, size + 1);
        var page = found.Take(size).ToArray();
        return new() { Domains = { page.Select(static d => Show(d.Domain, d.Actor)) }, NextPageToken = found.Count > size ? page[^1].Domain : "" };
    }

    public async Task<DeleteDomainResponse> DeleteAsync(DeleteDomainRequest request)
    {
        var name = Checked(request.Name);
        return await domains.DeleteAsync(name) ? new() : throw ApiErrors.DomainNotFound(name);
    }

    private static string Checked(string name) => name.Length == 0 ? throw ApiErrors.Invalid("name is required")
        : DomainName.Violation(name) is { } problem ? throw ApiErrors.Invalid($"invalid name: {problem}")
        : name;

    private static Domain Show(string name, ActorKey actor) => new() { Name = name, Atespace = actor.Atespace, Actor = actor.Name };
}
