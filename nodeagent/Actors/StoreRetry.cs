using StackExchange.Redis;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Repeats a transition until the store has answered. Safe because each transition finds its own effect, and needed because what it
/// records has happened already: a sandbox that serves, a snapshot that is durable.
/// </summary>
internal sealed class StoreRetry(TimeProvider time, ILogger<StoreRetry> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> transition)
    {
        while (true)
        {
            try
            {
                return await transition();
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                Log.StoreAway(logger, e.Message);
                await Task.Delay(Pause, time);
            }
        }
    }
}
