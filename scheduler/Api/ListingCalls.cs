using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Exact pages of actors in the order of atespace and name.</summary>
internal sealed class ListingCalls(ActorListing listing, AtespaceStore atespaces)
{
    /// <summary>A page, and the token of the next one; empty when this is the last.</summary>
    public async Task<(IReadOnlyList<ActorRecord> Page, string Next)> ListAsync(ListActorsRequest request, CancellationToken cancellationToken)
    {
        var size = request.PageSize == 0 ? ApiRules.LargestPage : request.PageSize;
        var after = default(ActorKey);
        if (request.PageToken.Length > 0 && PageToken.Read(request.PageToken, request.Atespace, out after) is { } problem)
        {
            throw ApiErrors.Invalid(problem);
        }

        // One more than asked for tells whether there is a next page.
        var found = request.Atespace.Length > 0
            ? [.. await listing.PageAsync(request.Atespace, after.Name ?? "", size + 1, cancellationToken)]
            : await AllAsync(after, size + 1, cancellationToken);
        if (found.Count <= size)
        {
            return (found, "");
        }

        found.RemoveRange(size, found.Count - size);
        return (found, PageToken.Write(request.Atespace, found[^1].Key));
    }

    private async Task<List<ActorRecord>> AllAsync(ActorKey after, int count, CancellationToken cancellationToken)
    {
        var found = new List<ActorRecord>();
        foreach (var atespace in await atespaces.IndexedAsync())
        {
            var order = after.Atespace is null ? 1 : string.CompareOrdinal(atespace, after.Atespace);
            if (order >= 0 && found.Count < count)
            {
                found.AddRange(await listing.PageAsync(atespace, order == 0 ? after.Name : "", count - found.Count, cancellationToken));
            }
        }

        return found;
    }
}
