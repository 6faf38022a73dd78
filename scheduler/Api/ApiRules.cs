using System.Globalization;
using Substrate.AteApi;
using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.Scheduler.Api;

/// <summary>The rules for what a request may hold, the same for every call. They answer the message that clients compare, or null.</summary>
internal static class ApiRules
{
    public const int MostLabels = 10;
    public const int LargestPage = 1000;

    /// <summary>Which rule an actor reference breaks.</summary>
    /// <param name="reference">The reference; null when there is none.</param>
    /// <param name="emptyName">What the call says of an empty name: <c>id</c> or <c>actor_id</c>.</param>
    public static string? Actor(ActorRef? reference, string emptyName)
    {
        var name = reference?.Name ?? "";
        return name.Length == 0 ? $"{emptyName} is required"
            : Names.Violation(name) is { } problem ? $"invalid actor_id: {problem}"
            : Atespace(reference!.Atespace, "atespace");
    }

    /// <summary>Which rule an atespace's name breaks.</summary>
    /// <param name="name">The name.</param>
    /// <param name="field">The field it is in: <c>atespace</c> or <c>name</c>.</param>
    public static string? Atespace(string name, string field) =>
        name.Length == 0 ? $"{field} is required" : Names.Violation(name) is { } problem ? $"invalid atespace: {problem}" : null;

    /// <summary>Which rule a selector breaks.</summary>
    public static string? Selector(Selector? selector)
    {
        if (selector is null)
        {
            return null;
        }

        if (selector.MatchLabels.Count > MostLabels)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"worker_selector has {selector.MatchLabels.Count} match_labels entries, exceeding the limit of {MostLabels}");
        }

        foreach (var (key, value) in selector.MatchLabels.OrderBy(static l => l.Key, StringComparer.Ordinal))
        {
            if (Labels.KeyViolation(key) is { } keyProblem)
            {
                return $"invalid worker_selector label key {Quoted(key)}: {keyProblem}";
            }

            if (Labels.ValueViolation(value) is { } valueProblem)
            {
                return $"invalid worker_selector label value {Quoted(value)} for key {Quoted(key)}: {valueProblem}";
            }
        }

        return null;
    }

    /// <summary>Which rule a page's size breaks.</summary>
    public static string? PageSize(int size) =>
        size < 0 ? "page_size cannot be negative"
        : size > LargestPage ? string.Create(CultureInfo.InvariantCulture, $"page_size {size} exceeds maximum page size {LargestPage}")
        : null;

    // A hostile value must not make the message larger than a status may be.
    private static string Quoted(string value) => value.Length <= 512 ? $"\"{value}\"" : $"\"{value.AsSpan(0, 512)}…\"";
}
