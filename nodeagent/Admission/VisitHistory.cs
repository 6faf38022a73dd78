using Substrate.State.Actors;

namespace Substrate.NodeAgent.Admission;

/// <summary>
/// How far apart an actor's visits usually are, as this node has seen them, across its activations. Somebody asked for every few seconds is
/// worth keeping even when another one was asked for more recently, by chance.
/// </summary>
internal sealed class VisitHistory(TimeProvider time)
{
    /// <summary>Quiet that ends a visit: shorter pauses are a caller's thinking.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    /// <summary>What is assumed of an actor that was seen once.</summary>
    public static readonly TimeSpan Unknown = TimeSpan.FromSeconds(30);

    // Of all actors that were ever here; those seen last are kept.
    private const int Most = 16_384;

    // Weight of the newest gap: a change of habit is believed after a few visits.
    private const double Newest = 0.3;

    private readonly Lock _lock = new();
    private readonly Dictionary<ActorKey, Habit> _habits = [];

    /// <summary>Notes when an actor was last seen in use; the same time twice is nothing new.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="at">Timestamp.</param>
    public void See(ActorKey key, long at)
    {
        lock (_lock)
        {
            if (!_habits.TryGetValue(key, out var habit))
            {
                Forget_NeedsLock();
                _habits[key] = new Habit(at, at, null);
                return;
            }

            if (at <= habit.LastSeen)
            {
                return;
            }

            _habits[key] = time.GetElapsedTime(habit.LastSeen, at) < Apart
                ? habit with { LastSeen = at }
                : new Habit(at, at, Blend(habit.Gap, time.GetElapsedTime(habit.VisitBegan, at)));
        }
    }

    /// <summary>The usual time from the beginning of one visit to that of the next.</summary>
    public TimeSpan UsualGap(ActorKey key)
    {
        lock (_lock)
        {
            return _habits.TryGetValue(key, out var habit) && habit.Gap is { } gap ? gap : Unknown;
        }
    }

    private static TimeSpan Blend(TimeSpan? before, TimeSpan gap) => before is { } usual ? ((1 - Newest) * usual) + (Newest * gap) : gap;

    private void Forget_NeedsLock()
    {
        if (_habits.Count < Most)
        {
            return;
        }

        foreach (var (key, _) in _habits.OrderBy(static h => h.Value.LastSeen).Take(Most / 2).ToArray())
        {
            _habits.Remove(key);
        }
    }

    private readonly record struct Habit(long VisitBegan, long LastSeen, TimeSpan? Gap);
}
