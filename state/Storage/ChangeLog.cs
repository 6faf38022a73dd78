using System.Collections.Immutable;
using System.Globalization;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>How far somebody has read one part's change log.</summary>
/// <param name="Life">Life of the log; empty before its first change.</param>
/// <param name="Number">Number of the last change read.</param>
public readonly record struct ChangePosition(string Life, long Number)
{
    public static readonly ChangePosition Start = new("", 0);
}

/// <summary>
/// Which actors have changed, exactly: each transition notes its actor in the log of its part, in the same step. The logs are bounded; who
/// comes too late is told so and lists again. An actor that changed often is named once, so what is read is which, not how often.
/// </summary>
public sealed class ChangeLog(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Where all logs end now.</summary>
    public async Task<ImmutableArray<ChangePosition>> EndAsync() =>
        [.. await Task.WhenAll(Enumerable.Range(0, Keys.RecordShards).Select(async shard =>
        {
            var counters = await _db.HashGetAsync(Keys.ChangeCounters(shard), ["born", "number"]);
            return counters[0].IsNull ? ChangePosition.Start : new ChangePosition(counters[0].ToString(), (long)counters[1]);
        }))];

    /// <summary>Actors of one part that have changed since a position, and the new position.</summary>
    /// <returns>Null when the log does not go back that far.</returns>
    public async Task<(IReadOnlyList<ActorKey> Changed, ChangePosition End)?> ReadAsync(int shard, ChangePosition since)
    {
        var answer = (RedisValue[])(await _db.ScriptEvaluateAsync(
            Scripts.Standalone("_changes"), [Keys.Changes(shard), Keys.ChangeCounters(shard)], [since.Number.ToString(CultureInfo.InvariantCulture), since.Life]))!;
        if (answer[0] != "ok")
        {
            return null;
        }

        var changed = new List<ActorKey>(answer.Length - 3);
        foreach (var name in answer.AsSpan(3))
        {
            if (ActorKey.TryParse(name.ToString(), out var key))
            {
                changed.Add(key);
            }
        }

        return (changed, new(answer[1].ToString(), (long)answer[2]));
    }
}
