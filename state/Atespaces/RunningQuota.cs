using System.Collections.Concurrent;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Atespaces;

/// <summary>
/// Keeps the quotas of running actors and their memory. The ledger of an atespace is a superset of what is live: an actor enters it in one
/// step with the check and before its claim; entries of actors at rest are taken out when the limit is met, and by the scheduler.
/// </summary>
public sealed class RunningQuota(IConnectionMultiplexer redis, ActorStore actors, AtespaceFeed feed, TimeProvider time)
{
    /// <summary>An entry whose claim has not come after this time never will.</summary>
    private const int ClaimSeconds = 30;

    /// <summary>Pause between two checks of one ledger by this process, however many requests wait.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(200);

    private readonly IDatabase _db = redis.GetDatabase();
    private readonly ConcurrentDictionary<string, long> _checked = new(StringComparer.Ordinal);

    /// <summary>Counts an actor that is about to be claimed.</summary>
    /// <returns>Null when it may go on; the quota in the way otherwise.</returns>
    public async ValueTask<QuotaRefusal?> TakeAsync(ActorRecord record, TemplateSpec template)
    {
        if (!Limited(record.Key.Atespace))
        {
            return null;
        }

        var refusal = await TakeAsync(record.Key, template.Resources.MemoryBytes, record.Epoch + 1, anyway: false);
        return refusal is not null && await CheckAsync(record.Key.Atespace)
            ? await TakeAsync(record.Key, template.Resources.MemoryBytes, record.Epoch + 1, anyway: false)
            : refusal;
    }

    /// <summary>Counts an actor that is live already, over the limit or not: its atespace may have got the quota just now.</summary>
    public Task CountAsync(ActorRecord record, TemplateSpec template) =>
        TakeAsync(record.Key, template.Resources.MemoryBytes, record.Epoch, anyway: true);

    /// <summary>True when the atespace limits what runs.</summary>
    public bool Limited(string atespace) => feed.Current.TryGetValue(atespace, out var settings) && (settings.MaxRunning > 0 || settings.MaxMemoryBytes > 0);

    /// <summary>Actors counted now, and the bytes they count for.</summary>
    public async Task<(long Running, long MemoryBytes)> UseAsync(string atespace)
    {
        var entries = await _db.HashGetAllAsync(Keys.QuotaLedger(atespace));
        return (entries.Count(static e => e.Name != "="), (long)entries.FirstOrDefault(static e => e.Name == "=").Value);
    }

    /// <summary>Takes out those that are at rest.</summary>
    /// <returns>True when there were any.</returns>
    public async Task<bool> PruneAsync(string atespace)
    {
        var released = 0L;
        foreach (var chunk in (await _db.HashKeysAsync(Keys.QuotaLedger(atespace))).Where(static name => name != "=").Chunk(256))
        {
            released += (await Task.WhenAll(chunk.Select(name => ReleaseAsync(new(atespace, name.ToString()))))).Sum();
        }

        return released > 0;
    }

    private async Task<long> ReleaseAsync(ActorKey key)
    {
        var record = await actors.GetAsync(key);
        return record is null or { State: ActorState.Suspended or ActorState.Paused }
            ? (long)await _db.ScriptEvaluateAsync(Scripts.Standalone("_quota_release"), [Keys.QuotaLedger(key.Atespace)], [key.Name, record?.Epoch ?? 0, ClaimSeconds])
            : 0;
    }

    private async Task<bool> CheckAsync(string atespace)
    {
        var now = time.GetTimestamp();
        if (_checked.TryGetValue(atespace, out var last) && time.GetElapsedTime(last, now) < Between)
        {
            return false;
        }

        _checked[atespace] = now;
        return await PruneAsync(atespace);
    }

    private async Task<QuotaRefusal?> TakeAsync(ActorKey key, long bytes, long epoch, bool anyway)
    {
        var answer = (RedisValue[])(await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_quota_take"),
            [Keys.Atespace(key.Atespace), Keys.QuotaLedger(key.Atespace)],
            [key.Name, bytes, epoch, anyway ? "1" : "0"]))!;
        return answer[0] == "ok" ? null : new(key.Atespace, answer[0].ToString(), (long)answer[1], (long)answer[2]);
    }
}
