using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Substrate.State.Storage;

namespace Substrate.State.View;

/// <summary>Keeps the view of the live nodes current: at every node event, and at an interval in case one was missed.</summary>
public sealed partial class ClusterViewFeed(
    IConnectionMultiplexer redis, NodeRegistry nodes, TimeProvider time, ILogger<ClusterViewFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private ClusterView _current = ClusterView.Empty;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _hint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The newest view.</summary>
    public ClusterView Current => Volatile.Read(ref _current);

    /// <summary>A task that ends when the view is next replaced. Take it before deciding on <see cref="Current"/>.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    /// <summary>Reads the nodes now and publishes a new view.</summary>
    public async Task RefreshAsync()
    {
        var leases = await nodes.ListAsync();
        Volatile.Write(ref _current, new ClusterView([.. leases.Where(static l => l.Live).Select(static l => new NodeView(l.Status))]));
        Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscriber = redis.GetSubscriber();
        await subscriber.SubscribeAsync(Keys.NodeEvents, Hint);
        while (!stoppingToken.IsCancellationRequested)
        {
            // The hint is renewed before reading, so that an event during the read causes another one.
            var hint = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _hint, hint);
            try
            {
                await RefreshAsync();
            }
            catch (Exception e) when (e is RedisException or TimeoutException or System.Text.Json.JsonException or InvalidDataException)
            {
                // The last view stays in use: a store that is away must not empty it.
                StaleView(logger, e.Message);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(hint.Task, Task.Delay(Interval, time, timer.Token));
            await timer.CancelAsync();
        }

        // Not waited for: the store may be away.
        await subscriber.UnsubscribeAsync(Keys.NodeEvents, Hint, CommandFlags.FireAndForget);
    }

    private void Hint(RedisChannel channel, RedisValue node) => Volatile.Read(ref _hint).TrySetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The view of the nodes could not be refreshed and stays as it was: {Problem}")]
    private static partial void StaleView(ILogger logger, string problem);
}
