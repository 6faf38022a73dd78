using System.Globalization;
using StackExchange.Redis;

namespace Substrate.Scheduler.Census;

/// <summary>The store's clock. Ages of records are judged by it alone, so that the clocks of the machines need not agree.</summary>
internal sealed class StoreClock(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();

    public async Task<DateTimeOffset> NowAsync()
    {
        var parts = (RedisValue[])(await _db.ExecuteAsync("TIME"))!;
        var seconds = long.Parse(parts[0].ToString(), CultureInfo.InvariantCulture);
        var microseconds = long.Parse(parts[1].ToString(), CultureInfo.InvariantCulture);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddMicroseconds(microseconds);
    }
}
