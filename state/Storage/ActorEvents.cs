using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Substrate.State.Actors;

namespace Substrate.State.Storage;

/// <summary>Listens to changes of actor records and wakes those who wait for one. Waits are bounded, since events are hints only.</summary>
public sealed class ActorEvents(IConnectionMultiplexer redis, TimeProvider time) : IHostedService
{
    private readonly Dictionary<ActorKey, Subject> _watched = [];
    private readonly Lock _lock = new();

    /// <summary>Raised for every event, on the subscription's thread; handlers must be quick and must not throw.</summary>
    public event Action<ActorEvent>? Changed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var subscriber = redis.GetSubscriber();
        for (var shard = 0; shard < Keys.EventShards; shard++)
        {
            await subscriber.SubscribeAsync(Keys.ActorEvents(shard), Handle);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        for (var shard = 0; shard < Keys.EventShards; shard++)
        {
            await redis.GetSubscriber().UnsubscribeAsync(Keys.ActorEvents(shard), Handle);
        }
    }

    /// <summary>Watches one actor until disposed.</summary>
    public Watch Open(ActorKey key)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(key, out var subject))
            {
                _watched[key] = subject = new Subject();
            }

            subject.Watchers++;
            return new Watch(this, key, subject);
        }
    }

    /// <summary>Waits for <paramref name="next"/>, at most <paramref name="limit"/>.</summary>
    public async Task WaitAsync(Task next, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(limit, time, timer.Token);
        await Task.WhenAny(next, delay);
        await timer.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Handle(RedisChannel channel, RedisValue message)
    {
        if (!ActorEvent.TryParse(message.ToString(), out var actorEvent))
        {
            return;
        }

        TaskCompletionSource? passed = null;
        lock (_lock)
        {
            if (_watched.TryGetValue(actorEvent.Key, out var subject))
            {
                (passed, subject.Next) = (subject.Next, NewSignal());
            }
        }

        passed?.TrySetResult();
        Changed?.Invoke(actorEvent);
    }

    private void Close(ActorKey key, Subject subject)
    {
        lock (_lock)
        {
            if (--subject.Watchers == 0)
            {
                _watched.Remove(key);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The watching of one actor.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly ActorEvents _events;
        private readonly ActorKey _key;
        private readonly Subject _subject;

        internal Watch(ActorEvents events, ActorKey key, Subject subject) => (_events, _key, _subject) = (events, key, subject);

        /// <summary>A task that ends at the actor's next event. Take it before reading the record, so that no change falls in between.</summary>
        public Task NextEvent
        {
            get
            {
                lock (_events._lock)
                {
                    return _subject.Next.Task;
                }
            }
        }

        public void Dispose() => _events.Close(_key, _subject);
    }

    internal sealed class Subject
    {
        public int Watchers { get; set; }

        public TaskCompletionSource Next { get; set; } = NewSignal();
    }
}
