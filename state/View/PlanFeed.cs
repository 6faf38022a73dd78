using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Substrate.State.Placement;
using Substrate.State.Storage;

namespace Substrate.State.View;

/// <summary>Keeps the newest plan at hand. A store that is away leaves the last one in use: it is advice.</summary>
public sealed partial class PlanFeed(IConnectionMultiplexer redis, PlanStore plans, TimeProvider time, ILogger<PlanFeed> logger) : BackgroundService
{
    /// <summary>Longest time that a missed event leaves an old plan in use.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private ClusterPlan _current = ClusterPlan.None;
    private TaskCompletionSource _hint = NewSignal();

    /// <summary>The newest plan.</summary>
    public ClusterPlan Current => Volatile.Read(ref _current);

    /// <summary>Raised after <see cref="Current"/> was replaced; handlers must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Reads the plan now.</summary>
    public async Task RefreshAsync()
    {
        var plan = await plans.GetAsync();
        if (plan.Version != Current.Version)
        {
            Volatile.Write(ref _current, plan);
            Changed?.Invoke();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscriber = redis.GetSubscriber();
        await subscriber.SubscribeAsync(Keys.PlanEvents, Hint);
        while (!stoppingToken.IsCancellationRequested)
        {
            var hint = NewSignal();
            Volatile.Write(ref _hint, hint);
            try
            {
                await RefreshAsync();
            }
            catch (Exception e) when (e is RedisException or TimeoutException or System.Text.Json.JsonException)
            {
                StalePlan(logger, e.Message);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(hint.Task, Task.Delay(Interval, time, timer.Token));
            await timer.CancelAsync();
        }

        // Not waited for: the store may be away.
        await subscriber.UnsubscribeAsync(Keys.PlanEvents, Hint, CommandFlags.FireAndForget);
    }

    private void Hint(RedisChannel channel, RedisValue version) => Volatile.Read(ref _hint).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The plan could not be read and stays as it was: {Problem}")]
    private static partial void StalePlan(ILogger logger, string problem);
}
