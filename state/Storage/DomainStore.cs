using StackExchange.Redis;
using Substrate.State.Actors;

namespace Substrate.State.Storage;

/// <summary>Custom domains: each names one actor. A key per domain, and an index in order of name.</summary>
public sealed class DomainStore(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Lets a domain name an actor.</summary>
    /// <returns>Null when it does now; otherwise the other actor that it names already.</returns>
    public async Task<ActorKey?> CreateAsync(string domain, ActorKey actor)
    {
        // The index first: what is not in it could not be listed, and an entry too many is skipped.
        await _db.SortedSetAddAsync(Keys.Domains, domain, 0);
        if (!await _db.StringSetAsync(Keys.Domain(domain), actor.ToString(), when: When.NotExists) && await GetAsync(domain) is { } other && other != actor)
        {
            return other;
        }

        await _db.PublishAsync(Keys.DomainEvents, domain);
        return null;
    }

    /// <summary>The actor that a domain names; null when it names none.</summary>
    public async Task<ActorKey?> GetAsync(string domain) =>
        ActorKey.TryParse(await _db.StringGetAsync(Keys.Domain(domain)), out var key) ? key : null;

    /// <summary>Takes a domain away; false when there was none.</summary>
    public async Task<bool> DeleteAsync(string domain)
    {
        var deleted = await _db.KeyDeleteAsync(Keys.Domain(domain));
        await _db.SortedSetRemoveAsync(Keys.Domains, domain);
        await _db.PublishAsync(Keys.DomainEvents, domain);
        return deleted;
    }

    /// <summary>Domains behind <paramref name="after"/> in order of name, at most <paramref name="limit"/> of them.</summary>
    public async Task<IReadOnlyList<(string Domain, ActorKey Actor)>> ListAsync(string after, int limit)
    {
        var found = new List<(string, ActorKey)>();
        while (found.Count < limit)
        {
            var names = await _db.SortedSetRangeByValueAsync(
                Keys.Domains, after.Length == 0 ? RedisValue.Null : after, RedisValue.Null, Exclude.Start, take: limit - found.Count);
            if (names.Length == 0)
            {
                break;
            }

            foreach (var name in names)
            {
                after = name.ToString();
                if (await GetAsync(after) is { } actor)
                {
                    found.Add((after, actor));
                }
            }
        }

        return found;
    }
}
