using System.Collections.Immutable;
using Substrate.State.Nodes;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Goldens;

/// <summary>Decides which templates need their golden snapshot built now, and where.</summary>
internal static class GoldenDecision
{
    /// <summary>True for a template that waits, or that nobody is building any more.</summary>
    /// <param name="template">The template.</param>
    /// <param name="now">Time on the store's clock.</param>
    /// <param name="abandoned">Time without a sign of life after which its builder counts as dead.</param>
    public static bool Wanted(TemplateRecord template, DateTimeOffset now, TimeSpan abandoned) => template.Phase switch
    {
        TemplatePhase.Pending => true,
        TemplatePhase.Building => now - template.UpdatedAt > abandoned,
        _ => false,
    };

    /// <summary>The node with the smallest part of its slots taken; null when none matches. One that failed before is the last choice.</summary>
    public static NodeStatus? Choose(IEnumerable<NodeLease> nodes, ImmutableSortedDictionary<string, string> selector, string failedBefore) =>
        nodes
            .Where(static lease => lease.Open && lease.Status.Slots > 0)
            .Select(static lease => lease.Status)
            .Where(node => selector.All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value))
            .OrderBy(node => node.Id == failedBefore)
            .ThenBy(static node => (double)node.Active / node.Slots)
            .ThenBy(static node => node.Id, StringComparer.Ordinal)
            .FirstOrDefault();

    /// <summary>Pause before the next attempt: it doubles, up to half a minute.</summary>
    public static TimeSpan Pause(int attempts) => TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, Math.Min(attempts, 6) - 1)));
}
