using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Atespaces;
using Substrate.State.Transitions;

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

    /// <summary>An atespace with its settings; null when there is none, or it is being deleted.</summary>
    public async Task<AtespaceRecord?> GetAsync(string name)
    {
        var fields = await _db.HashGetAsync(Keys.Atespace(name), ["name", "deleting", "settings", "version"]);
        if (fields[0].IsNull || !fields[1].IsNull)
        {
            return null;
        }

        var settings = fields[2].IsNull ? AtespaceSettings.None : JsonSerializer.Deserialize<AtespaceSettings>(fields[2].ToString())!;
        return new(name, settings, long.Parse(fields[3].IsNull ? "0" : fields[3].ToString(), CultureInfo.InvariantCulture));
    }

    /// <summary>Replaces the settings of an atespace that is still at <paramref name="version"/> and tells everyone.</summary>
    /// <returns>False when it is gone, or somebody else changed it in between.</returns>
    public async Task<bool> SetAsync(string name, AtespaceSettings settings, long version)
    {
        // The list is a superset: a name that needs not be there costs its readers a look.
        await _db.SortedSetAddAsync(Keys.AtespacesWithSettings, name, 0);
        var set = (long)await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_atespace_set"),
            [Keys.Atespace(name)],
            [version, JsonSerializer.Serialize(settings), settings.MaxActors, settings.MaxRunning, settings.MaxMemoryBytes]);
        if (set == 1)
        {
            await _db.PublishAsync(Keys.AtespaceEvents, name);
        }

        return set == 1;
    }

    /// <summary>Those whose settings every process has to know.</summary>
    public async Task<IReadOnlyList<AtespaceRecord>> WithSettingsAsync()
    {
        var names = await _db.SortedSetRangeByRankAsync(Keys.AtespacesWithSettings);
        var records = await Task.WhenAll(names.Select(name => GetAsync(name.ToString())));
        foreach (var name in names.Where((_, i) => records[i] is not { Settings.MatterEverywhere: true }))
        {
            await _db.SortedSetRemoveAsync(Keys.AtespacesWithSettings, name);
            if (await GetAsync(name.ToString()) is { Settings.MatterEverywhere: true })
            {
                await _db.SortedSetAddAsync(Keys.AtespacesWithSettings, name, 0);
            }
        }

        return [.. records.OfType<AtespaceRecord>().Where(static record => record.Settings.MatterEverywhere)];
    }

    /// <summary>How many actors the index of an atespace holds: those that exist, and those that come or go at this moment.</summary>
    public async Task<long> CountAsync(string name)
    {
        var templates = await _db.SortedSetRangeByRankAsync(Keys.TemplatesUsed(name));
        var counts = await Task.WhenAll(templates.Select(template => _db.SortedSetLengthAsync(Keys.ActorIndexPrefix(name) + template)));
        return counts.Sum();
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
        await _db.KeyDeleteAsync(Keys.QuotaLedger(name));
        await _db.PublishAsync(Keys.AtespaceEvents, name);
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
