using System.Collections.Immutable;
using Substrate.State.View;

namespace Substrate.State.Placement;

/// <summary>
/// Chooses a node: hard filters first, then a score in which locality of the snapshot counts most, a warm sandbox next, and
/// among equals the fullest node that fits, so that empty ones can be given back.
/// </summary>
public static class Placer
{
    private const int HasRoom = 1_000_000;
    private const int HasIdle = 500_000;
    private const int SnapshotHere = 100_000;
    private const int WarmHere = 10_000;

    /// <summary>Scores closer than this count as equal; a draw decides, so that many placers spread over the best few.</summary>
    private const int Close = 5;

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
            return holder is null ? new(PlacementKind.HolderGone, null) : new(KindOf(holder), holder);
        }

        // 1. The best score among the eligible.
        var best = int.MinValue;
        foreach (var node in view.Nodes)
        {
            if (Eligible(node, request, excluded))
            {
                best = Math.Max(best, Score(node, request));
            }
        }

        if (best == int.MinValue)
        {
            return new(PlacementKind.NoMatch, null);
        }

        // 2. One of those close to it, by the draw. Charges may move meanwhile, so the last one seen stands in.
        var count = 0;
        foreach (var node in view.Nodes)
        {
            count += Eligible(node, request, excluded) && best - Score(node, request) < Close ? 1 : 0;
        }

        var pick = draw % Math.Max(1, count);
        NodeView? chosen = null;
        foreach (var node in view.Nodes)
        {
            if (!Eligible(node, request, excluded) || (chosen is not null && best - Score(node, request) >= Close))
            {
                continue;
            }

            chosen = node;
            if (best - Score(node, request) < Close && pick-- == 0)
            {
                break;
            }
        }

        return new(KindOf(chosen!), chosen);
    }

    private static PlacementKind KindOf(NodeView node) =>
        node.Free > 0 ? PlacementKind.Room : node.Status.Evictable > node.Charged ? PlacementKind.MakeRoom : PlacementKind.Full;

    private static bool Eligible(NodeView node, in PlacementRequest request, IReadOnlySet<string>? excluded) =>
        !node.Status.Draining
        && node.Status.Slots > 0
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
        var score = KindOf(node) switch { PlacementKind.Room => HasRoom, PlacementKind.MakeRoom => HasIdle, _ => 0 };
        score += node.Status.Id == request.SnapshotNode ? SnapshotHere : 0;
        score += node.Status.Warm.TryGetValue(request.TemplateUid, out var warm) && warm > node.Charged ? WarmHere : 0;

        // A node that is being asked for room already is the worse choice; one with room is the better the fuller it is.
        var used = node.Status.Active + node.Charged;
        return node.Free > 0
            ? score + (1000 * used / node.Status.Slots)
            : score - Math.Min(1000, 1000 * (used - node.Status.Slots) / node.Status.Slots);
    }
}
