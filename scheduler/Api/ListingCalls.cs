using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Exact pages of actors in the order of atespace and name.</summary>
internal sealed class ListingCalls(ActorListing listing, PageTokens tokens)
{
    /// <summary>A page, and the token of the next one; empty when this is the last.</summary>
    /// <param name="query">Which actors.</param>
    /// <param name="pageSize">Most actors; 0 for the largest page.</param>
    /// <param name="pageToken">Token of the page; empty for the first.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public async Task<(IReadOnlyList<ActorRecord> Page, string Next)> ListAsync(
        ActorQuery query, int pageSize, string pageToken, CancellationToken cancellationToken)
    {
        if (ApiRules.PageSize(pageSize) is { } problem)
        {
            throw ApiErrors.Invalid(problem);
        }

        var canonical = query.Canonical();
        var after = pageToken.Length == 0 ? default : await tokens.ReadAsync(pageToken, canonical);
        var page = await listing.QueryAsync(query, after, pageSize == 0 ? ApiRules.LargestPage : pageSize, cancellationToken);
        return (page.Actors, page.Next is { } next ? await tokens.WriteAsync(canonical, next) : "");
    }
}
