using Substrate.Admin.V1;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Api;

/// <summary>
/// Deletes templates that nothing is made of. The mark comes first and the look for actors afterwards; whoever creates an actor enters the
/// index first and looks at the template afterwards. Whatever the interleaving, one of the two sees the other.
/// </summary>
internal sealed class TemplateCalls(TemplateStore templates, ActorListing listing)
{
    public async Task DeleteAsync(DeleteTemplateRequest request, CancellationToken cancellationToken)
    {
        var key = new TemplateKey(request.Namespace.Length == 0 ? "default" : request.Namespace, request.Name);
        AdminRules.Label("namespace", key.Namespace);
        AdminRules.Label("name", key.Name);
        var read = await templates.GetAsync(key) ?? throw ApiErrors.TemplateNotFound(key.Namespace, key.Name);
        var marked = read.Value with { Deleting = true };
        if (!await templates.SwapAsync(read.Version, marked))
        {
            throw ApiErrors.Conflict();
        }

        var version = read.Version + 1;
        if (await FirstActorAsync(key, cancellationToken) is { } actor)
        {
            await templates.SwapAsync(version, read.Value with { Deleting = false });
            throw ApiErrors.TemplateInUse(key, actor);
        }

        if (!await templates.DeleteAsync(key, version))
        {
            throw ApiErrors.Conflict();
        }
    }

    private async Task<State.Actors.ActorKey?> FirstActorAsync(TemplateKey key, CancellationToken cancellationToken)
    {
        var after = default(State.Actors.ActorKey);
        while (true)
        {
            var page = await listing.QueryAsync(new() { Template = key }, after, 1, cancellationToken);
            if (page.Actors.Count > 0 || page.Next is null)
            {
                return page.Actors.Count > 0 ? page.Actors[0].Key : null;
            }

            after = page.Next.Value;
        }
    }
}
