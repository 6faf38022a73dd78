using StackExchange.Redis;
using Substrate.State.Storage;
using Substrate.State.Transitions;

namespace Substrate.State.Leadership;

/// <summary>The lease that makes one scheduler the leader, with a token that grows at each change of leader.</summary>
public sealed class SchedulerLease(IConnectionMultiplexer redis, string holder)
{
    private readonly IDatabase _db = redis.GetDatabase();

    /// <summary>Takes or keeps the lease for <paramref name="duration"/>.</summary>
    /// <returns>The fencing token; zero while somebody else leads.</returns>
    public Task<long> KeepAsync(TimeSpan duration) => RunAsync((long)duration.TotalMilliseconds);

    /// <summary>Gives the lease up, so that another scheduler leads at once.</summary>
    public Task GiveUpAsync() => RunAsync(0);

    private async Task<long> RunAsync(long milliseconds) =>
        (long)await _db.ScriptEvaluateAsync(Scripts.Standalone("_lease"), [Keys.SchedulerLease], [holder, milliseconds]);
}
