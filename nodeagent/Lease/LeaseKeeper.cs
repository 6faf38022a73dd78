using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Lease;

/// <summary>
/// Keeps the node's lease and publishes its status. When the lease cannot be renewed in good time every sandbox is frozen, before
/// anyone else may start the same actors; once it is renewed, those whose epoch still stands go on and the others are ended.
/// </summary>
internal sealed class LeaseKeeper(
    IOptions<NodeOptions> options,
    NodeIdentity identity,
    NodeRegistry nodes,
    ActorStore actors,
    LiveActors live,
    Ledger ledger,
    RecentActivations recent,
    SandboxPool pool,
    Evictor evictor,
    Ending ending,
    Obeying obeying,
    ICgroups cgroups,
    NodeSignal signal,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<LeaseKeeper> logger) : BackgroundService
{
    /// <summary>Part of the lease after which a node that could not renew it stops its actors.</summary>
    private const double FenceAfter = 0.6;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(20);

    private readonly NodeOptions _options = options.Value;
    private readonly SemaphoreSlim _fencing = new(1);
    private long _renewedAt;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _renewedAt = time.GetTimestamp();
        await nodes.RenewAsync(Status(), _options.Lease, identity.Follows);
        await nodes.AnnounceAsync(_options.Id);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await nodes.LeaveAsync(Status());
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(RenewAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var change = signal.NextAsync();
            var start = time.GetTimestamp();
            try
            {
                var renewal = await nodes.RenewAsync(Status(), _options.Lease, identity.Follows);
                obeying.Obey(renewal.Wish);
                if (renewal.Outcome == RenewalOutcome.Lapsed)
                {
                    await EndAllAsync();
                    start = time.GetTimestamp();
                    renewal = await nodes.RenewAsync(Status(), _options.Lease, identity.Follows, ended: true);
                }

                if (renewal.Done)
                {
                    Volatile.Write(ref _renewedAt, start);
                    await nodes.AnnounceAsync(_options.Id);
                    await RegainAsync();
                }
                else
                {
                    Log.NameTaken(logger, _options.Id);
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Whatever it is: a node that stops renewing is fenced, and one that stops trying never comes back.
                Log.RenewalFailed(logger, e.Message);
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(change, Task.Delay(Interval, time, timer.Token));
            await timer.CancelAsync();
            await Task.Delay(Spacing, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The renewal counts from before it was sent, on this machine's own steady clock: always earlier than the store's view of it.
    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Lease / 20, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (!identity.Fenced && time.GetElapsedTime(Volatile.Read(ref _renewedAt)) > _options.Lease * FenceAfter)
                    {
                        await FenceAsync();
                    }
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    identity.Fenced = false;
                    Log.FreezeFailed(logger, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task FenceAsync()
    {
        await _fencing.WaitAsync();
        try
        {
            identity.Fenced = true;
            metrics.Fenced(true);
            cgroups.Freeze(frozen: true);
            Log.Fenced(logger, live.All.Count);
        }
        finally
        {
            _fencing.Release();
        }
    }

    // The leader gave this node's actors up, and may declare them lost at any moment: none of them may run one instruction more.
    // An activation or suspension under way finds out by itself: its next transition is fenced.
    private async Task EndAllAsync()
    {
        await FenceAsync();
        foreach (var actor in live.All.Where(static a => a.Phase == LivePhase.Running))
        {
            Log.Killed(logger, actor.Key.ToString(), actor.Epoch, "the node's lease had run out and its actors were given up");
            actor.Sandbox?.Kill();
            ending.Release(actor);
        }
    }

    private async Task RegainAsync()
    {
        if (!identity.Fenced)
        {
            return;
        }

        await _fencing.WaitAsync();
        try
        {
            // An activation or suspension under way finds out by itself: its next transition is fenced.
            foreach (var actor in live.All.Where(static a => a.Phase == LivePhase.Running))
            {
                var record = await actors.GetAsync(actor.Key);
                if (record is null || record.Epoch != actor.Epoch || record.Node != _options.Id || record.State == ActorState.Suspended || record.State == ActorState.Paused)
                {
                    // Killed while frozen: it must not run one instruction more.
                    Log.Killed(logger, actor.Key.ToString(), actor.Epoch, "its epoch ended while the node had no lease");
                    actor.Sandbox?.Kill();
                    ending.Release(actor);
                }
            }

            cgroups.Freeze(frozen: false);
            identity.Fenced = false;
            metrics.Fenced(false);
            Log.Regained(logger, live.All.Count);
        }
        finally
        {
            _fencing.Release();
        }
    }

    private NodeStatus Status()
    {
        var held = ledger.Held;
        var (evictable, evictableBytes) = evictor.Evictable();
        var frozen = live.All.Count(static a => a.Frost is not null);
        metrics.Occupied(held, ledger.Waiting, ledger.Total);
        metrics.Evictable(evictable, evictableBytes);
        metrics.Sandboxes(live.All, pool.Warm.Values.Sum());
        return Now(held, frozen, evictable, evictableBytes);
    }

    private NodeStatus Now(Room held, int frozen, int evictable, long evictableBytes) => new()
    {
        Id = _options.Id,
        Incarnation = identity.Incarnation,
        Address = _options.EffectiveAddress,
        Pool = _options.Pool,
        Labels = _options.Labels.ToImmutableSortedDictionary(),
        Runtime = identity.Runtime,
        Slots = _options.Slots,
        Active = held.Slots + ledger.Waiting,
        Evictable = evictable,
        Frozen = frozen,
        MemoryBytes = _options.EffectiveMemoryBytes,
        MemoryTaken = held.MemoryBytes,
        MemoryEvictable = evictableBytes,
        CpuMillis = _options.EffectiveCpuMillis,
        CpuTaken = (int)held.CpuMillis,
        Activations = recent.Counts(),
        Warm = pool.Warm,
        Draining = identity.Draining || identity.Fenced || identity.Wish != NodeWish.None,
    };
}
