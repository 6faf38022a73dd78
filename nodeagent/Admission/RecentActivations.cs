using System.Collections.Immutable;

namespace Substrate.NodeAgent.Admission;

/// <summary>The activations of the last minute, by template: what the wanted number of warm sandboxes follows from.</summary>
internal sealed class RecentActivations(TimeProvider time)
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<(string Template, long At)> _recent = new();

    /// <summary>Counts one.</summary>
    /// <param name="templateUid">Uid of its template.</param>
    public void Add(string templateUid)
    {
        lock (_lock)
        {
            _recent.Enqueue((templateUid, time.GetTimestamp()));
            Forget_NeedsLock();
        }
    }

    /// <summary>How many there were, by template uid.</summary>
    public ImmutableSortedDictionary<string, int> Counts()
    {
        lock (_lock)
        {
            Forget_NeedsLock();
            return _recent.GroupBy(static r => r.Template).ToImmutableSortedDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
        }
    }

    private void Forget_NeedsLock()
    {
        while (_recent.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > Span)
        {
            _recent.Dequeue();
        }
    }
}
