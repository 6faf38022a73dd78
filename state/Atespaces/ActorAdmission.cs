using System.Collections.Concurrent;
using System.Collections.Immutable;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Atespaces;

/// <summary>What became of making an actor.</summary>
public enum AdmissionOutcome
{
    Created,
    Exists,
    NoAtespace,
    OverQuota,
}

/// <summary>What became of making an actor.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Record">The record, when it was created.</param>
/// <param name="Refusal">The quota in the way, when one is.</param>
public sealed record Admission(AdmissionOutcome Outcome, ActorRecord? Record = null, QuotaRefusal? Refusal = null);

/// <summary>
/// Makes actors within their atespace's quota. The name takes its place in the index, and thereby in the quota, in one step with the check;
/// then the record is created. What a process that dies leaves in between is settled by whoever next meets the limit.
/// </summary>
public sealed class ActorAdmission(IConnectionMultiplexer redis, ActorStore actors, AtespaceFeed feed, TimeProvider time)
{
    /// <summary>For how long an atespace that was full answers so without being asked: requests for made-up names must not become work for the store.</summary>
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(1);

    /// <summary>Leftovers looked at when the limit is met.</summary>
    private const int Leftovers = 64;

    private readonly IDatabase _db = redis.GetDatabase();
    private readonly ConcurrentDictionary<string, (QuotaRefusal Refusal, long At)> _full = new(StringComparer.Ordinal);

    /// <summary>Creates an actor at rest.</summary>
    public async Task<Admission> CreateAsync(ActorKey key, TemplateKey template, IReadOnlyDictionary<string, string> selector)
    {
        var (admitted, refusal) = await AdmitAsync(key, template);
        if (refusal is not null && await SettleLeftoversAsync(key.Atespace))
        {
            (admitted, refusal) = await AdmitAsync(key, template);
        }

        if (!admitted)
        {
            return refusal is null ? new(AdmissionOutcome.NoAtespace) : new(AdmissionOutcome.OverQuota, Refusal: refusal);
        }

        var created = await actors.CreateAsync(key, Guid.NewGuid().ToString("N"), template, selector);
        await SettleAsync(key, template, created.Record);
        return created.Done ? new(AdmissionOutcome.Created, created.Record) : new(AdmissionOutcome.Exists);
    }

    /// <summary>Template that a request for an unknown actor is to create it from; null when none is. Does not reach the store.</summary>
    public TemplateKey? TemplateFor(ActorKey key) => feed.Current.GetValueOrDefault(key.Atespace)?.AutoCreate;

    /// <summary>Creates an actor that a request names and that does not exist.</summary>
    public async Task<Admission> AppearAsync(ActorKey key, TemplateKey template)
    {
        if (_full.TryGetValue(key.Atespace, out var full) && time.GetElapsedTime(full.At) < FullFor)
        {
            return new(AdmissionOutcome.OverQuota, Refusal: full.Refusal);
        }

        var admission = await CreateAsync(key, template, ImmutableSortedDictionary<string, string>.Empty);
        if (admission.Refusal is { } refusal)
        {
            _full[key.Atespace] = (refusal, time.GetTimestamp());
        }
        else
        {
            _full.TryRemove(key.Atespace, out _);
        }

        return admission;
    }

    private async Task<(bool Admitted, QuotaRefusal? Refusal)> AdmitAsync(ActorKey key, TemplateKey template)
    {
        await _db.SortedSetAddAsync(Keys.TemplateUsers(template), key.Atespace, 0);
        var answer = (RedisValue[])(await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_atespace_admit"),
            [Keys.Atespace(key.Atespace), Keys.Unsettled(key.Atespace), Keys.ActorIndex(key.Atespace, template), Keys.TemplatesUsed(key.Atespace)],
            [key.Name, template.ToString(), (long)ActorIndex.Settling.TotalMilliseconds, Keys.ActorIndexPrefix(key.Atespace)]))!;
        return answer[0].ToString() switch
        {
            "ok" => (true, null),
            "missing" => (false, null),
            var quota => (false, new(key.Atespace, quota, (long)answer[1], (long)answer[2])),
        };
    }

    private async Task SettleAsync(ActorKey key, TemplateKey template, ActorRecord? record)
    {
        await _db.SortedSetRemoveAsync(Keys.Unsettled(key.Atespace), key.Name);
        if (record?.Template != template)
        {
            await actors.PruneAsync(key, template);
        }
    }

    // True when something was settled, so that asking again is worth it.
    private async Task<bool> SettleLeftoversAsync(string atespace)
    {
        var names = (RedisValue[])(await _db.ScriptEvaluateAsync(Scripts.Standalone("_overdue"), [Keys.Unsettled(atespace)], [Leftovers]))!;
        foreach (var name in names)
        {
            var key = new ActorKey(atespace, name.ToString());
            var record = await actors.GetAsync(key);
            foreach (var used in await _db.SortedSetRangeByRankAsync(Keys.TemplatesUsed(atespace)))
            {
                if (TemplateKey.TryParse(used.ToString(), out var template) && record?.Template != template)
                {
                    await actors.PruneAsync(key, template);
                }
            }

            await _db.SortedSetRemoveAsync(Keys.Unsettled(atespace), name);
        }

        return names.Length > 0;
    }
}
