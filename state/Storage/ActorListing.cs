using StackExchange.Redis;
using Substrate.State.Actors;

namespace Substrate.State.Storage;

/// <summary>Exact listing in the order of names: every actor that exists throughout appears once.</summary>
public sealed class ActorListing(IConnectionMultiplexer redis, ActorStore actors)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>A page of one atespace's actors, in order of name.</summary>
    /// <param name="atespace">The atespace.</param>
    /// <param name="after">Name that the page starts behind; empty for the first page.</param>
    /// <param name="count">Most actors to return.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public async Task<IReadOnlyList<ActorRecord>> PageAsync(string atespace, string after, int count, CancellationToken cancellationToken)
    {
        var found = new List<ActorRecord>(count);
        while (found.Count < count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var wanted = count - found.Count;
            var names = await NamesAsync(atespace, after, wanted);
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

    // The names of an atespace are spread over buckets; the smallest of all buckets' next names are the page.
    private async Task<string[]> NamesAsync(string atespace, string after, int count)
    {
        RedisValue min = after.Length == 0 ? "-" : $"({after}";
        var buckets = await Task.WhenAll(Enumerable.Range(0, Keys.IndexBuckets).Select(async bucket =>
            (RedisValue[])(await _db.ExecuteAsync("ZRANGEBYLEX", Keys.ActorIndex(atespace, bucket), min, "+", "LIMIT", 0, count))!));
        return [.. buckets.SelectMany(static names => names).Select(static name => name.ToString()).Order(StringComparer.Ordinal).Take(count)];
    }
}
