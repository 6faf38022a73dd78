using StackExchange.Redis;
using Substrate.State.Actors;

namespace Substrate.State.Storage;

/// <summary>A page of a listing.</summary>
/// <param name="Actors">The actors, in order of atespace and name.</param>
/// <param name="Next">Key to go on behind; null when nothing is left.</param>
public sealed record ActorPage(IReadOnlyList<ActorRecord> Actors, ActorKey? Next);

/// <summary>
/// Exact listing in the order of atespace and name: every actor that exists and matches throughout appears once. A page costs what it
/// looks at, which is bounded; a page of a query that few of many actors match may therefore be short, or empty, and still have a next.
/// </summary>
public sealed class ActorListing(IConnectionMultiplexer redis, ActorStore actors)
{
    /// <summary>Records that one page looks at, at most, besides those it returns.</summary>
    public const int MostInVain = 4000;

    private const int LargestPiece = 512;
    private const int SmallestPiece = 32;

    private readonly ActorNames _names = new(redis, new NodeRegistry(redis));

    /// <summary>A page of a query.</summary>
    /// <param name="query">Which actors.</param>
    /// <param name="after">Key that the page starts behind; default for the first page.</param>
    /// <param name="count">Most actors to return, above 0.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public async Task<ActorPage> QueryAsync(ActorQuery query, ActorKey after, int count, CancellationToken cancellationToken)
    {
        var found = new List<ActorRecord>(Math.Min(count, LargestPiece));
        var inVain = 0;

        // One more than asked for tells whether there is a next page.
        var piece = Math.Clamp(count + 1, SmallestPiece, LargestPiece);
        await foreach (var keys in _names.ReadAsync(query, after, piece, cancellationToken))
        {
            foreach (var (key, record) in keys.Zip(await Task.WhenAll(keys.Select(actors.GetAsync))))
            {
                if (record is null && query is { Template: { } template, OnNodesOnly: false })
                {
                    await actors.PruneAsync(key, template);
                }

                if (record is null || !query.Matches(record))
                {
                    inVain++;
                    after = key;
                    if (inVain == MostInVain)
                    {
                        return new(found, after);
                    }

                    continue;
                }

                if (found.Count == count)
                {
                    return new(found, found[^1].Key);
                }

                found.Add(record);
            }
        }

        return new(found, null);
    }

    /// <summary>A page of one atespace's actors, in order of name. It is short only at the end.</summary>
    /// <param name="atespace">The atespace.</param>
    /// <param name="after">Name that the page starts behind; empty for the first page.</param>
    /// <param name="count">Most actors to return.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public async Task<IReadOnlyList<ActorRecord>> PageAsync(string atespace, string after, int count, CancellationToken cancellationToken)
    {
        var found = new List<ActorRecord>(Math.Min(count, LargestPiece));
        while (found.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = Math.Min(count - found.Count, LargestPiece);
            var names = await _names.InAtespaceAsync(atespace, null, after, wanted);
            var records = await Task.WhenAll(names.Select(name => actors.GetAsync(new ActorKey(atespace, name))));
            found.AddRange(records.OfType<ActorRecord>());
            if (names.Length < wanted)
            {
                break;
            }

            after = names[^1];
        }

        return found;
    }

    /// <summary>True when the atespace has an indexed name whose record exists.</summary>
    public async Task<bool> AnyAsync(string atespace, CancellationToken cancellationToken) =>
        (await PageAsync(atespace, "", 1, cancellationToken)).Count > 0;
}
