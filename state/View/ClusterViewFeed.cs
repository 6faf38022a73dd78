using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.State.View;

/// <summary>
/// Keeps the view of the live nodes current: an event reads the one node it names, and at an interval that grows with their number
/// all of them are read, in case an event was missed or a lease ran out.
/// </summary>
public sealed partial class ClusterViewFeed : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PerNode = TimeSpan.FromMilliseconds(2);

    /// <summary>What was placed so shortly before a status was written may not be in it.</summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromMilliseconds(100);

    private readonly IConnectionMultiplexer _redis;
    private readonly NodeRegistry _nodes;
    private readonly PlanFeed _plan;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterViewFeed> _logger;
    private readonly ConcurrentDictionary<string, bool> _hinted = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _refreshing = new(1);
    private PlanRanks _ranks = PlanRanks.None;
    private ClusterView _current = ClusterView.Empty;
    private TaskCompletionSource _changed = NewSignal();
    private TaskCompletionSource _hint = NewSignal();

    public ClusterViewFeed(IConnectionMultiplexer redis, NodeRegistry nodes, PlanFeed plan, TimeProvider time, ILogger<ClusterViewFeed> logger)
    {
        (_redis, _nodes, _plan, _time, _logger) = (redis, nodes, plan, time, logger);
        plan.Changed += () => Hint(default, "");
    }

    /// <summary>The newest view.</summary>
    public ClusterView Current => Volatile.Read(ref _current);

    /// <summary>A task that ends when the view is next replaced. Take it before deciding on <see cref="Current"/>.</summary>
    public Task NextChange => Volatile.Read(ref _changed).Task;

    /// <summary>Reads the nodes now and publishes a new view.</summary>
    public async Task RefreshAsync()
    {
        await _refreshing.WaitAsync();
        try
        {
            var before = Marks();
            var leases = await _nodes.ListAsync();
            Publish(leases, null, before);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscriber = _redis.GetSubscriber();
        await subscriber.SubscribeAsync(Keys.NodeEvents, Hint);
        long complete = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            // The hint is renewed before reading, so that an event during the read causes another one.
            var hint = NewSignal();
            Volatile.Write(ref _hint, hint);
            var due = Interval > PerNode * Current.Nodes.Length ? Interval : PerNode * Current.Nodes.Length;
            try
            {
                if (complete == 0 || _time.GetElapsedTime(complete) >= due)
                {
                    complete = _time.GetTimestamp();
                    _hinted.Clear();
                    await RefreshAsync();
                }
                else
                {
                    await RefreshHintedAsync();
                }
            }
            catch (Exception e) when (e is RedisException or TimeoutException or System.Text.Json.JsonException or InvalidDataException)
            {
                // The last view stays in use: a store that is away must not empty it.
                StaleView(_logger, e.Message);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(hint.Task, Task.Delay(due, _time, timer.Token));
            await timer.CancelAsync();
        }

        // Not waited for: the store may be away.
        await subscriber.UnsubscribeAsync(Keys.NodeEvents, Hint, CommandFlags.FireAndForget);
    }

    private async Task RefreshHintedAsync()
    {
        await _refreshing.WaitAsync();
        try
        {
            string[] ids = [.. _hinted.Keys];
            foreach (var id in ids)
            {
                _hinted.TryRemove(id, out _);
            }

            var before = Marks();
            var read = await Task.WhenAll(ids.Where(static id => id.Length > 0).Select(_nodes.GetAsync));
            Publish(read.OfType<NodeLease>(), ids, before);
        }
        finally
        {
            _refreshing.Release();
        }
    }

    private Dictionary<string, Charges> Marks() => Current.Nodes.ToDictionary(static n => n.Status.Id, static n => n.Fresh, StringComparer.Ordinal);

    // Replaces the nodes that were read: those of the ids, or all when there are none.
    private void Publish(IEnumerable<NodeLease> read, string[]? ids, Dictionary<string, Charges> before)
    {
        var replanned = _ranks.Plan.Version != _plan.Current.Version;
        if (replanned)
        {
            _ranks = new PlanRanks(_plan.Current);
        }

        var now = _time.GetTimestamp();
        var fresh = read.Where(static l => l.Live).Select(lease => View(lease, before, now));
        var kept = ids is null ? [] : Current.Nodes
            .Where(n => Array.IndexOf(ids, n.Status.Id) < 0)
            .Select(n => replanned ? new NodeView(n.Status, _ranks.Of(n.Status), n.Charged, n.At) : n);
        Volatile.Write(ref _current, new ClusterView([.. fresh.Concat(kept).OrderBy(static n => n.Status.Id, StringComparer.Ordinal)]));
        Interlocked.Exchange(ref _changed, NewSignal()).TrySetResult();
    }

    private NodeView View(NodeLease lease, Dictionary<string, Charges> before, long now)
    {
        // What is wanted of a node holds at once, before it has obeyed.
        var status = lease.Wish == NodeWish.None ? lease.Status : lease.Status with { Draining = true };
        var last = Current.Find(status.Id);
        var carried = last is null ? default
            : _time.GetElapsedTime(last.At, now) < OnTheWay ? last.Fresh : last.Fresh - before.GetValueOrDefault(status.Id);
        return new NodeView(status, _ranks.Of(status), carried, now);
    }

    private void Hint(RedisChannel channel, RedisValue node)
    {
        _hinted[node.ToString()] = true;
        Volatile.Read(ref _hint).TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The view of the nodes could not be refreshed and stays as it was: {Problem}")]
    private static partial void StaleView(ILogger logger, string problem);
}
