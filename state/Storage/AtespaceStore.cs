using StackExchange.Redis;

namespace Substrate.State.Storage;

/// <summary>
/// The atespaces. Deleting marks first and looks for actors afterwards, creating an actor indexes first and looks for the mark
/// afterwards; whatever the interleaving, one of the two sees the other.
/// </summary>
public sealed class AtespaceStore(IConnectionMultiplexer redis, ActorListing listing)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Creates an atespace; false when it exists.</summary>
    public async Task<bool> CreateAsync(string name)
    {
        await _db.SortedSetAddAsync(Keys.Atespaces, name, 0);
        return await _db.HashSetAsync(Keys.Atespace(name), "name", name, When.NotExists);
    }

    /// <summary>True when the atespace exists and is not being deleted.</summary>
    public async Task<bool> ExistsAsync(string name)
    {
        var fields = await _db.HashGetAsync(Keys.Atespace(name), ["name", "deleting"]);
        return !fields[0].IsNull && fields[1].IsNull;
    }

    /// <summary>Names of all atespaces, in order.</summary>
    public async Task<IReadOnlyList<string>> ListAsync()
    {
        var names = (await _db.SortedSetRangeByRankAsync(Keys.Atespaces)).Select(static n => n.ToString()).ToArray();
        var exist = await Task.WhenAll(names.Select(ExistsAsync));
        return [.. names.Where((_, i) => exist[i])];
    }

    /// <summary>Deletes an empty atespace.</summary>
    /// <returns>Null when there is no such atespace; false when it still has actors; true when it is gone.</returns>
    public async Task<bool?> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (!await _db.KeyExistsAsync(Keys.Atespace(name)))
        {
            return null;
        }

        await _db.HashSetAsync(Keys.Atespace(name), "deleting", "1");
        if (await listing.AnyAsync(name, cancellationToken))
        {
            await _db.HashDeleteAsync(Keys.Atespace(name), "deleting");
            return false;
        }

        await _db.KeyDeleteAsync(Keys.Atespace(name));
        await _db.SortedSetRemoveAsync(Keys.Atespaces, name);
        return true;
    }
}
