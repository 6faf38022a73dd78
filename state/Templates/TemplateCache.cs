using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Substrate.State.Storage;

namespace Substrate.State.Templates;

/// <summary>Templates by key, kept until an event says that they changed or a short time has passed.</summary>
public sealed class TemplateCache(IConnectionMultiplexer redis, TemplateStore store, TimeProvider time) : IHostedService
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<TemplateKey, (TemplateRecord Record, long At)> _known = new();

    public Task StartAsync(CancellationToken cancellationToken) =>
        redis.GetSubscriber().SubscribeAsync(Keys.TemplateEvents, Forget);

    public Task StopAsync(CancellationToken cancellationToken) => redis.GetSubscriber().UnsubscribeAsync(Keys.TemplateEvents, Forget);

    /// <summary>A template; null when there is none. Only ready ones are kept, the others change soon.</summary>
    public async ValueTask<TemplateRecord?> GetAsync(TemplateKey key)
    {
        if (_known.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Fresh)
        {
            return known.Record;
        }

        var at = time.GetTimestamp();
        var read = (await store.GetAsync(key))?.Value;
        if (read is { Phase: TemplatePhase.Ready })
        {
            _known[key] = (read, at);
        }
        else
        {
            _known.TryRemove(key, out _);
        }

        return read;
    }

    private void Forget(RedisChannel channel, RedisValue name)
    {
        if (TemplateKey.TryParse(name.ToString(), out var key))
        {
            _known.TryRemove(key, out _);
        }
    }
}
