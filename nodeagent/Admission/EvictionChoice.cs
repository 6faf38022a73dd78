namespace Substrate.NodeAgent.Admission;

/// <summary>One live actor as a candidate for eviction.</summary>
/// <param name="Index">Its place in the caller's list.</param>
/// <param name="Quiet">Time since a packet for it was last seen.</param>
/// <param name="MemoryBytes">What its eviction would free.</param>
/// <param name="Protected">True while it computes, just came up, or an eviction of it was just given up.</param>
internal readonly record struct EvictionCandidate(int Index, TimeSpan Quiet, long MemoryBytes, bool Protected);

/// <summary>Chooses whom to evict when somebody waits for room: the one unused for longest, weighing the memory it frees.</summary>
internal static class EvictionChoice
{
    /// <summary>Memory that weighs as much as being unused for twice as long.</summary>
    private const double LargeBytes = 256.0 * 1024 * 1024;

    /// <summary>Index of the one to evict; -1 when every candidate is protected.</summary>
    public static int Choose(IReadOnlyList<EvictionCandidate> candidates)
    {
        var best = -1;
        var bestWeight = double.MinValue;
        foreach (var candidate in candidates)
        {
            if (candidate.Protected)
            {
                continue;
            }

            var weight = candidate.Quiet.TotalSeconds * (1 + (candidate.MemoryBytes / LargeBytes));
            if (weight > bestWeight)
            {
                (best, bestWeight) = (candidate.Index, weight);
            }
        }

        return best;
    }
}
