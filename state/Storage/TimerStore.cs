using System.Text.Json;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Timers;

namespace Substrate.State.Storage;

/// <summary>The timers: by name, and by when they are due. Changes of one timer are swaps, so that two schedulers never both move it on.</summary>
public sealed class TimerStore(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Sets a timer, replacing one of its name.</summary>
    public Task SetAsync(ActorTimer timer)
    {
        var change = _db.CreateTransaction();
        Write(change, timer);
        return change.ExecuteAsync();
    }

    /// <summary>Moves a timer on, unless it was changed or deleted since it was read; null takes it away.</summary>
    public async Task<bool> SwapAsync(ActorTimer read, ActorTimer? next)
    {
        var change = _db.CreateTransaction();
        change.AddCondition(Condition.HashEqual(Keys.Timers, Id(read), JsonSerializer.Serialize(read)));
        if (next is null)
        {
            Remove(change, Id(read));
        }
        else
        {
            Write(change, next);
        }

        return await change.ExecuteAsync();
    }

    /// <summary>Deletes a timer; false when there is none.</summary>
    public async Task<bool> DeleteAsync(ActorKey actor, string name)
    {
        var change = _db.CreateTransaction();
        change.AddCondition(Condition.HashExists(Keys.Timers, $"{actor}/{name}"));
        Remove(change, $"{actor}/{name}");
        return await change.ExecuteAsync();
    }

    /// <summary>Timers of an atespace, or of one of its actors, in order of actor and name.</summary>
    public async Task<IReadOnlyList<ActorTimer>> ListAsync(string atespace, string actor)
    {
        var prefix = actor.Length == 0 ? $"{atespace}/" : $"{atespace}/{actor}/";
        var ids = (RedisValue[])(await _db.ExecuteAsync("ZRANGEBYLEX", Keys.TimerNames, $"[{prefix}", $"[{prefix}~"))!;
        return await ReadAsync(ids);
    }

    /// <summary>Timers that are due, the longest first.</summary>
    public async Task<IReadOnlyList<ActorTimer>> DueAsync(DateTimeOffset now, int most) =>
        await ReadAsync(await _db.SortedSetRangeByScoreAsync(Keys.TimersDue, double.NegativeInfinity, now.ToUnixTimeMilliseconds(), take: most));

    public Task<long> CountAsync() => _db.SortedSetLengthAsync(Keys.TimersDue);

    private static string Id(ActorTimer timer) => $"{timer.Atespace}/{timer.Actor}/{timer.Name}";

    private static void Write(ITransaction change, ActorTimer timer)
    {
        _ = change.HashSetAsync(Keys.Timers, Id(timer), JsonSerializer.Serialize(timer));
        _ = change.SortedSetAddAsync(Keys.TimersDue, Id(timer), timer.Due.ToUnixTimeMilliseconds());
        _ = change.SortedSetAddAsync(Keys.TimerNames, Id(timer), 0);
    }

    private static void Remove(ITransaction change, string id)
    {
        _ = change.HashDeleteAsync(Keys.Timers, id);
        _ = change.SortedSetRemoveAsync(Keys.TimersDue, id);
        _ = change.SortedSetRemoveAsync(Keys.TimerNames, id);
    }

    private async Task<IReadOnlyList<ActorTimer>> ReadAsync(RedisValue[] ids)
    {
        if (ids.Length == 0)
        {
            return [];
        }

        var documents = await _db.HashGetAsync(Keys.Timers, ids);
        return [.. documents.Where(static d => !d.IsNull).Select(static d => JsonSerializer.Deserialize<ActorTimer>(d.ToString())!)];
    }
}
