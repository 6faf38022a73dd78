using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Cgroups;

namespace Substrate.NodeAgent.Admission;

/// <summary>
/// Makes room by pausing actors: at once while somebody waits for it, and a little ahead of time, so that the next one need not wait for a
/// checkpoint.
/// </summary>
internal sealed class Evictor(
    IOptions<NodeOptions> options,
    Ledger ledger,
    LiveActors live,
    Suspending suspending,
    ICgroups cgroups,
    VisitHistory visits,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<Evictor> logger) : BackgroundService
{
    /// <summary>Evictions at once: each is a checkpoint, which wants a core.</summary>
    private static readonly int Parallel = Math.Max(2, Environment.ProcessorCount);

    /// <summary>An actor that has just come up serves the request it came up for before it can be evicted.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>How often it is looked whether the headroom is there while nobody waits.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _crowded = new(0);
    private readonly ConcurrentDictionary<LiveActor, Room> _underWay = new();

    /// <summary>How many live actors could be evicted now, and the memory that they hold.</summary>
    public (int Actors, long MemoryBytes) Evictable()
    {
        var free = Candidates().Candidates.Where(static c => !c.Protected).ToArray();
        return (free.Length, free.Sum(static c => c.MemoryBytes));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ledger.Crowded += () => _crowded.Release();
        while (!stoppingToken.IsCancellationRequested)
        {
            await _crowded.WaitAsync(ledger.Waiting > 0 ? Interval : Look, stoppingToken);
            while (_underWay.Count < Parallel && Wanted() is { } least)
            {
                var (actors, candidates) = Candidates();
                var choice = EvictionChoice.Choose(candidates, least);
                if (choice < 0)
                {
                    break;
                }

                _underWay[actors[choice]] = actors[choice].Place?.Held ?? default;
                _ = EvictAsync(actors[choice]);
            }
        }
    }

    // How long an actor must have been quiet to be evicted now; null when there is room enough.
    private TimeSpan? Wanted()
    {
        var coming = Coming();
        return ledger.Lacks(coming) ? TimeSpan.Zero
            : (ledger.Total - ledger.Held + coming).Slots < options.Value.EffectiveHeadroom ? VisitHistory.Apart
            : null;
    }

    // What the evictions under way are going to free.
    private Room Coming() => _underWay.Values.Aggregate(default(Room), static (sum, room) => sum + room);

    private async Task EvictAsync(LiveActor actor)
    {
        // Not chosen again before this attempt has ended.
        actor.Activity.ProtectedUntil = long.MaxValue;
        try
        {
            var result = await suspending.SuspendAsync(actor.Key, actor.Epoch, pause: true, options.Value.Grace, SuspensionCause.Room);
            metrics.Evicted(result.Outcome);
        }
        catch (Exception e)
        {
            Log.SuspensionFailed(logger, actor.Key.ToString(), actor.Epoch, e.Message);
        }
        finally
        {
            if (actor.Activity.ProtectedUntil == long.MaxValue)
            {
                actor.Activity.ProtectedUntil = 0;
            }

            _underWay.TryRemove(actor, out _);
            _crowded.Release();
        }
    }

    private (LiveActor[] Actors, List<EvictionCandidate> Candidates) Candidates()
    {
        var now = time.GetTimestamp();
        var actors = live.All.Where(static a => a.Sandbox is not null).ToArray();
        var candidates = new List<EvictionCandidate>(actors.Length);
        for (var i = 0; i < actors.Length; i++)
        {
            var actor = actors[i];

            // Packets that the monitor has not seen yet came just now.
            actor.Activity.SawPackets(actor.Sandbox!.Berth.Network.Packets, now);
            var quiet = time.GetElapsedTime(actor.Activity.PacketAt, now);
            candidates.Add(new EvictionCandidate(
                i,
                quiet,
                visits.UsualGap(actor.Key),
                cgroups.Memory(actor.Sandbox!.Id),
                now < actor.Activity.ProtectedUntil || now < actor.Activity.KeepAwakeUntil || quiet < Settling || actor.Phase != LivePhase.Running));
        }

        return (actors, candidates);
    }
}
