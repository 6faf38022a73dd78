using Substrate.AteApi;

namespace Substrate.Cli.Connection;

/// <summary>Follows a listing of actors to its end.</summary>
internal static class ActorPages
{
    /// <summary>All actors of an atespace, or of every one when it is empty, in the API's order.</summary>
    public static async Task<ListActorsResponse> ListAllActorsAsync(this ApiClient api, string atespace, CancellationToken cancellationToken)
    {
        var all = new ListActorsResponse();
        var request = new ListActorsRequest { Atespace = atespace, PageSize = 1000 };
        do
        {
            var page = await api.Control.ListActorsAsync(request, api.Call(cancellationToken));
            all.Actors.Add(page.Actors);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        return all;
    }
}
