using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>Applied templates. Writers read a version and swap it, so that two of them never overwrite each other.</summary>
public sealed class TemplateStore(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>One template with the version to give to <see cref="SwapAsync"/>; null when there is none.</summary>
    public async Task<Versioned<TemplateRecord>?> GetAsync(TemplateKey key)
    {
        var fields = await _db.HashGetAsync(Keys.Template(key), ["version", "doc"]);
        return fields[1].IsNull
            ? null
            : new Versioned<TemplateRecord>(
                long.Parse(fields[0].ToString(), CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<TemplateRecord>(fields[1].ToString())!);
    }

    /// <summary>All templates, in order of key.</summary>
    public async Task<IReadOnlyList<TemplateRecord>> ListAsync()
    {
        var names = await _db.SortedSetRangeByRankAsync(Keys.Templates);
        var records = await Task.WhenAll(names.Select(name =>
            TemplateKey.TryParse(name.ToString(), out var key) ? GetAsync(key) : Task.FromResult<Versioned<TemplateRecord>?>(null)));
        return [.. records.Where(static r => r is not null).Select(static r => r!.Value)];
    }

    public Task<long> CountAsync() => _db.SortedSetLengthAsync(Keys.Templates);

    /// <summary>Deletes a template that is still at <paramref name="version"/> and tells everyone.</summary>
    /// <returns>False when somebody else wrote it in between.</returns>
    public async Task<bool> DeleteAsync(TemplateKey key, long version)
    {
        var change = _db.CreateTransaction();
        change.AddCondition(Condition.HashEqual(Keys.Template(key), "version", version));
        _ = change.KeyDeleteAsync(Keys.Template(key));
        if (!await change.ExecuteAsync())
        {
            return false;
        }

        await _db.SortedSetRemoveAsync(Keys.Templates, key.ToString());
        if (await _db.KeyExistsAsync(Keys.Template(key)))
        {
            // Somebody applied it again in between.
            await _db.SortedSetAddAsync(Keys.Templates, key.ToString(), 0);
        }

        await _db.PublishAsync(Keys.TemplateEvents, key.ToString());
        return true;
    }

    /// <summary>Writes a template that is still at <paramref name="version"/> (0: that does not exist yet) and tells everyone.</summary>
    /// <returns>False when somebody else wrote it in between.</returns>
    public async Task<bool> SwapAsync(long version, TemplateRecord record)
    {
        await _db.SortedSetAddAsync(Keys.Templates, record.Key.ToString(), 0);
        var written = (long)await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_swap"), [Keys.Template(record.Key)], [version, JsonSerializer.Serialize(record)]);
        if (written == 0)
        {
            return false;
        }

        await _db.PublishAsync(Keys.TemplateEvents, record.Key.ToString());
        return true;
    }
}
