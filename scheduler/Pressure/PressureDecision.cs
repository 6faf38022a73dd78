using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.Scheduler.Pressure;

/// <summary>What a pool lacks of the room that is to be free.</summary>
internal readonly record struct Shortage(int Slots, long Bytes)
{
    public bool Any => Slots > 0 || Bytes > 0;
}

/// <summary>An idle actor that could be paused to make room.</summary>
internal readonly record struct Candidate(NodeStatus Node, ActorKey Key, long Epoch, TimeSpan Idle, long MemoryBytes);

/// <summary>Decides who is paused so that there is room before somebody waits for it.</summary>
internal static class PressureDecision
{
    /// <summary>Memory that counts for as much as the slot itself.</summary>
    private const double LargeBytes = 256.0 * 1024 * 1024;

    /// <summary>What waking a paused actor takes: some for every one, and what reading its memory takes, in seconds.</summary>
    private const double WakeSeconds = 0.1;
    private const double BytesPerSecond = 1024.0 * 1024 * 1024;

    /// <summary>What is missing until <paramref name="headroom"/> of a pool's slots, at least one, and of its memory are free.</summary>
    public static Shortage Missing(IReadOnlyCollection<NodeStatus> pool, double headroom)
    {
        if (headroom <= 0 || pool.Count == 0)
        {
            return default;
        }

        var slots = (int)Math.Ceiling(pool.Sum(static n => n.Slots) * headroom);
        var memory = (long)(pool.Sum(static n => n.MemoryBytes) * headroom);
        return new(
            Math.Max(0, slots - pool.Sum(static n => Math.Max(0, n.Slots - n.Active))),
            Math.Max(0, memory - pool.Sum(static n => Math.Max(0, n.MemoryBytes - n.MemoryTaken))));
    }

    /// <summary>
    /// The actors to pause, the most worthwhile first, until nothing is missing: unused for longest, weighing what it frees against what
    /// it costs to bring back.
    /// </summary>
    public static IReadOnlyList<Candidate> Choose(IEnumerable<Candidate> candidates, Shortage missing)
    {
        var chosen = new List<Candidate>();
        foreach (var candidate in candidates.OrderByDescending(Weight).ThenBy(static c => c.Key.ToString(), StringComparer.Ordinal))
        {
            if (!missing.Any)
            {
                break;
            }

            chosen.Add(candidate);
            missing = new(missing.Slots - 1, missing.Bytes - candidate.MemoryBytes);
        }

        return chosen;
    }

    private static double Weight(Candidate candidate)
    {
        var frees = 1 + (candidate.MemoryBytes / LargeBytes);
        var costs = (WakeSeconds + (candidate.MemoryBytes / BytesPerSecond)) / WakeSeconds;
        return candidate.Idle.TotalSeconds * frees / costs;
    }
}
