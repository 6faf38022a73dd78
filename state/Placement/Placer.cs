using System.Collections.Immutable;
using Substrate.State.View;

namespace Substrate.State.Placement;

/// <summary>
/// Chooses a node: hard filters first, then a score in which room counts most, then locality of the snapshot, then a warm sandbox of the
/// template, and among equals the plan's order of filling, or without a plan the fullest that fits, so that empty nodes can be given back.
/// </summary>
public static class Placer
{
    private const int HasRoom = 1_000_000;
    private const int HasIdle = 500_000;
    private const int SnapshotHere = 100_000;
    private const int WarmHere = 20_000;

    /// <summary>A node that is being emptied is better than one that would have to evict somebody, and worse than every other.</summary>
    private const int Emptying = 300_000;

    /// <summary>What the order of filling counts for; scores that differ by less are equals.</summary>
    private const int Finely = 10_000;
    private const int Ordered = 5_000;

    /// <summary>Scores of unordered nodes closer than this count as equal.</summary>
    private const int Close = 5;

    /// <summary>
    /// Nodes that many placers fill at the same time, at most: one for every eight. Each knows only what it has placed itself, so they
    /// must not all take the same one; and fewer are fuller.
    /// </summary>
    private const int MostAtOnce = 8;
    private const int NodesForOne = 8;

    /// <summary>Decides for one request on one view. Allocates nothing.</summary>
    /// <param name="view">Live nodes.</param>
    /// <param name="request">What to place.</param>
    /// <param name="excluded">Nodes that refused already; null for none.</param>
    /// <param name="draw">A random non-negative number that decides among near-equals.</param>
    public static PlacementDecision Place(ClusterView view, in PlacementRequest request, IReadOnlySet<string>? excluded, int draw)
    {
        if (request.Pinned)
        {
            var holder = view.Find(request.SnapshotNode);
            return holder is null ? new(PlacementKind.HolderGone, null) : new(Fit.Now(holder, request), holder);
        }

        // 1. The best few, best first.
        Span<(int Score, int Index)> best = stackalloc (int, int)[MostAtOnce];
        var count = 0;
        for (var i = 0; i < view.Nodes.Length; i++)
        {
            if (Eligible(view.Nodes[i], request, excluded))
            {
                count = Insert(best, count, (Score(view.Nodes[i], request), i));
            }
        }

        if (count == 0)
        {
            return new(PlacementKind.NoMatch, null);
        }

        // 2. Those that are as good as the best: in the same class, and close to it or next in the order of filling.
        var equals = 1;
        var few = Math.Clamp(view.Nodes.Length / NodesForOne, 1, MostAtOnce);
        while (equals < count && AsGood(best[0].Score, best[equals].Score, equals < few))
        {
            equals++;
        }

        // 3. One of them, by the draw.
        var chosen = view.Nodes[best[draw % equals].Index];
        return new(Fit.Now(chosen, request), chosen);
    }

    private static bool AsGood(int best, int other, bool amongFew) =>
        (amongFew && best / Finely == other / Finely) || (best % Finely < Ordered && best - other < Close);

    private static int Insert(Span<(int Score, int Index)> best, int count, (int Score, int Index) entry)
    {
        if (count == best.Length && best[^1].Score >= entry.Score)
        {
            return count;
        }

        var at = Math.Min(count, best.Length - 1);
        while (at > 0 && best[at - 1].Score < entry.Score)
        {
            best[at] = best[at - 1];
            at--;
        }

        best[at] = entry;
        return Math.Min(count + 1, best.Length);
    }

    private static bool Eligible(NodeView node, in PlacementRequest request, IReadOnlySet<string>? excluded) =>
        !node.Status.Draining
        && Fit.Ever(node, request)
        && (string.IsNullOrEmpty(request.Runtime) || node.Status.Runtime.Length == 0 || node.Status.Runtime == request.Runtime)
        && excluded?.Contains(node.Status.Id) != true
        && Matches(node, request.TemplateSelector)
        && Matches(node, request.ActorSelector);

    private static bool Matches(NodeView node, ImmutableSortedDictionary<string, string>? selector)
    {
        if (selector is null || selector.IsEmpty)
        {
            return true;
        }

        foreach (var (key, value) in selector)
        {
            if (!node.Status.Labels.TryGetValue(key, out var actual) || actual != value)
            {
                return false;
            }
        }

        return true;
    }

    private static int Score(NodeView node, in PlacementRequest request)
    {
        var kind = Fit.Now(node, request);
        var score = kind switch { PlacementKind.Room => HasRoom, PlacementKind.MakeRoom => HasIdle, _ => 0 };
        score -= node.Rank.Emptying ? Emptying : 0;
        score += node.Status.Id == request.SnapshotNode ? SnapshotHere : 0;
        score += node.Status.Warm.TryGetValue(request.TemplateUid, out var warm) && warm > node.Charged.Slots ? WarmHere : 0;

        // A node that is being asked for room already is the worse choice.
        if (kind != PlacementKind.Room)
        {
            return score + 1000 - Math.Min(1000, 1000 * Math.Max(0, -node.Free) / node.Status.Slots);
        }

        var fullness = Fit.Fullness(node);
        return node.Rank.Spread ? score + 1000 - fullness
            : node.Rank.Position > 0 ? score + Ordered + Math.Max(0, Finely - Ordered - 1 - node.Rank.Position)
            : score + fullness;
    }
}
