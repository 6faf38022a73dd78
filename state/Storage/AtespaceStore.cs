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

    /// <summary>Names of all atespaces in order, those included that are being deleted and may yet turn out not to be empty.</summary>
    public async Task<IReadOnlyList<string>> IndexedAsync() =>
        [.. (await _db.SortedSetRangeByRankAsync(Keys.Atespaces)).Select(static n => n.ToString())];

    /// <summary>Deletes an empty atespace.</summary>
    /// <returns>Null when there is no such atespace; false when it still has actors; true when it is gone.</returns>
    public async Task<bool?> DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var key = Keys.Atespace(name);
        if (!await WhenAsync(Condition.HashExists(key, "name"), mark => mark.HashSetAsync(key, "deleting", "1")))
        {
            return null;
        }

        if (await listing.AnyAsync(name, cancellationToken))
        {
            await _db.HashDeleteAsync(key, "deleting");
            return false;
        }

        // Another delete that found an actor takes the mark off, and then the atespace stays.
        if (!await WhenAsync(Condition.HashExists(key, "deleting"), gone => gone.KeyDeleteAsync(key)))
        {
            return await ExistsAsync(name) ? false : null;
        }

        await _db.SortedSetRemoveAsync(Keys.Atespaces, name);
        return true;
    }

    private async Task<bool> WhenAsync(Condition condition, Func<ITransaction, Task> change)
    {
        var transaction = _db.CreateTransaction();
        transaction.AddCondition(condition);
        var changed = change(transaction);
        if (!await transaction.ExecuteAsync())
        {
            return false;
        }

        await changed;
        return true;
    }
}
