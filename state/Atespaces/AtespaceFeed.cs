using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Substrate.State.Storage;

namespace Substrate.State.Atespaces;

/// <summary>
/// Keeps the settings of those atespaces that have any: at every change, and at an interval in case one was missed. A name that is not
/// there costs its reader a look into memory, so requests for atespaces nobody has made do not reach the store.
/// </summary>
public sealed partial class AtespaceFeed(IConnectionMultiplexer redis, AtespaceStore store, TimeProvider time, ILogger<AtespaceFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private FrozenDictionary<string, AtespaceSettings> _current = FrozenDictionary<string, AtespaceSettings>.Empty;
    private TaskCompletionSource _hint = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Settings by name; atespaces without settings are not in it.</summary>
    public FrozenDictionary<string, AtespaceSettings> Current => Volatile.Read(ref _current);

    /// <summary>Reads them now.</summary>
    public async Task RefreshAsync() =>
        Volatile.Write(ref _current, (await store.WithSettingsAsync()).ToFrozenDictionary(static a => a.Name, static a => a.Settings, StringComparer.Ordinal));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscriber = redis.GetSubscriber();
        await subscriber.SubscribeAsync(Keys.AtespaceEvents, Hint);
        while (!stoppingToken.IsCancellationRequested)
        {
            // The hint is renewed before reading, so that an event during the read causes another one.
            var hint = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _hint, hint);
            try
            {
                await RefreshAsync();
            }
            catch (Exception e) when (e is RedisException or TimeoutException or System.Text.Json.JsonException)
            {
                Stale(logger, e.Message);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(hint.Task, Task.Delay(Interval, time, timer.Token));
            await timer.CancelAsync();
        }

        // Not waited for: the store may be away.
        await subscriber.UnsubscribeAsync(Keys.AtespaceEvents, Hint, CommandFlags.FireAndForget);
    }

    private void Hint(RedisChannel channel, RedisValue name) => Volatile.Read(ref _hint).TrySetResult();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The settings of the atespaces could not be refreshed and stay as they were: {Problem}")]
    private static partial void Stale(ILogger logger, string problem);
}
