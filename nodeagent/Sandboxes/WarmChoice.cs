using System.Collections.Immutable;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>A template in use on this node.</summary>
/// <param name="Template">The template.</param>
/// <param name="Unused">Time since it was last activated here.</param>
/// <param name="Resting">True while no sandbox is made for it, because the last attempt failed a short time ago.</param>
internal readonly record struct WarmUse(TemplateRecord Template, TimeSpan Unused, bool Resting);

/// <summary>Decides how many sandboxes are kept ready, and for which templates.</summary>
internal static class WarmChoice
{
    /// <summary>
    /// How many sandboxes of each template are to be ready: what the plan wants, or without one equal shares for the templates that were used last.
    /// </summary>
    /// <param name="uses">The templates in use.</param>
    /// <param name="most">Sandboxes to keep in all.</param>
    /// <param name="wanted">What the plan wants of this node, by template uid; empty for no plan.</param>
    public static ImmutableDictionary<string, int> Shares(IReadOnlyCollection<WarmUse> uses, int most, IReadOnlyDictionary<string, int> wanted) =>
        wanted.Count > 0 ? Planned(uses, most, wanted) : Equal(uses, most);

    private static ImmutableDictionary<string, int> Equal(IReadOnlyCollection<WarmUse> uses, int most)
    {
        // No more templates than there are sandboxes to keep.
        var kept = uses.OrderBy(static u => u.Unused).Take(most).ToArray();
        return kept.ToImmutableDictionary(static u => u.Template.Uid, _ => Math.Max(1, most / kept.Length), StringComparer.Ordinal);
    }

    // Where the plan wants more than the node may keep, those that were used last come first.
    private static ImmutableDictionary<string, int> Planned(IReadOnlyCollection<WarmUse> uses, int most, IReadOnlyDictionary<string, int> wanted)
    {
        var shares = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var use in uses.OrderBy(static u => u.Unused))
        {
            var share = Math.Min(wanted.GetValueOrDefault(use.Template.Uid), most);
            if (share > 0)
            {
                shares[use.Template.Uid] = share;
                most -= share;
            }
        }

        return shares.ToImmutable();
    }

    /// <summary>The template that is furthest below its share; null when none is.</summary>
    /// <param name="uses">The templates in use.</param>
    /// <param name="shares">What <see cref="Shares"/> said.</param>
    /// <param name="ready">Uid of the template of each ready sandbox.</param>
    public static TemplateRecord? Next(
        IReadOnlyCollection<WarmUse> uses, ImmutableDictionary<string, int> shares, IReadOnlyCollection<string> ready) =>
        uses
            .Where(u => !u.Resting)
            .Select(u => (u.Template, Missing: shares.GetValueOrDefault(u.Template.Uid) - ready.Count(uid => uid == u.Template.Uid)))
            .Where(static u => u.Missing > 0)
            .OrderByDescending(static u => u.Missing)
            .Select(static u => u.Template)
            .FirstOrDefault();
}
