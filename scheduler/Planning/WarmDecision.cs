using System.Collections.Immutable;
using Substrate.State.Nodes;

namespace Substrate.Scheduler.Planning;

/// <summary>Decides how many warm sandboxes of which template a node is to keep, from what was activated there in the last minute.</summary>
internal static class WarmDecision
{
    /// <summary>Warm sandboxes by template uid; null when nothing was activated there, which leaves the node to its default.</summary>
    public static ImmutableSortedDictionary<string, int>? Of(NodeStatus node, PlanRules rules)
    {
        if (node.Activations.IsEmpty)
        {
            return null;
        }

        // As many as are used while one is replaced, and one more; in powers of two, so that a rate that wavers does not change the plan.
        var left = rules.WarmPerNode;
        var wanted = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var (template, count) in node.Activations.OrderByDescending(static a => a.Value).ThenBy(static a => a.Key, StringComparer.Ordinal))
        {
            var used = (int)Math.Ceiling(count / 60.0 * rules.Refill.TotalSeconds);
            var share = Math.Min(left, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)used + 1));
            if (share > 0)
            {
                wanted[template] = share;
                left -= share;
            }
        }

        return wanted.ToImmutable();
    }
}
