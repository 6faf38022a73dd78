namespace Substrate.NodeAgent.Admission;

/// <summary>One live actor as a candidate for eviction.</summary>
/// <param name="Index">Its place in the caller's list.</param>
/// <param name="Quiet">Time since a packet for it was last seen.</param>
/// <param name="UsualGap">Usual time between its visits.</param>
/// <param name="MemoryBytes">What its eviction would free.</param>
/// <param name="Protected">True while it computes, just came up, or an eviction of it was just given up.</param>
internal readonly record struct EvictionCandidate(int Index, TimeSpan Quiet, TimeSpan UsualGap, long MemoryBytes, bool Protected);

/// <summary>
/// Chooses whom to evict: the one that is likely to be missed least, weighing the memory it frees. Unused for long and seldom asked for
/// count alike: by the time unused alone, chance puts away one that is asked for all the time, and it is back at once.
/// </summary>
internal static class EvictionChoice
{
    /// <summary>Memory that weighs as much as being unused for twice as long.</summary>
    private const double LargeBytes = 256.0 * 1024 * 1024;

    /// <summary>Index of the one to evict; -1 when every candidate is protected or was in use too recently.</summary>
    /// <param name="candidates">Live actors.</param>
    /// <param name="least">Time that it must have been quiet for.</param>
    public static int Choose(IReadOnlyList<EvictionCandidate> candidates, TimeSpan least = default)
    {
        var best = -1;
        var bestWeight = double.MinValue;
        foreach (var candidate in candidates)
        {
            if (candidate.Protected || candidate.Quiet < least)
            {
                continue;
            }

            var weight = (candidate.Quiet + candidate.UsualGap).TotalSeconds * (1 + (candidate.MemoryBytes / LargeBytes));
            if (weight > bestWeight)
            {
                (best, bestWeight) = (candidate.Index, weight);
            }
        }

        return best;
    }
}
