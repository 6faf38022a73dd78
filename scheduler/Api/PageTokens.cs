using Substrate.State.Actors;

namespace Substrate.Scheduler.Api;

/// <summary>Where a listing goes on: behind which actor, and of which query.</summary>
internal sealed class PageTokens(TokenSigner signer)
{
    private const string Kind = "page";

    /// <summary>Writes the token of the page that follows <paramref name="last"/>.</summary>
    /// <param name="query">Canonical text of the query.</param>
    /// <param name="last">Last actor of this page.</param>
    public async Task<string> WriteAsync(string query, ActorKey last) => await signer.WriteAsync(Kind, query, last.ToString());

    /// <summary>Reads a token.</summary>
    /// <exception cref="Grpc.Core.RpcException">It was not made here, or for another query.</exception>
    public async Task<ActorKey> ReadAsync(string token, string query) => await signer.ReadAsync(Kind, token, query) switch
    {
        { Authentic: true, SameQuery: false } => throw ApiErrors.Invalid("invalid page token: it belongs to a listing of something else"),
        { Authentic: true, Payload: var payload } when ActorKey.TryParse(payload, out var after) => after,
        _ => throw ApiErrors.Invalid("invalid page token"),
    };
}
