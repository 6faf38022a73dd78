using System.Collections.Frozen;
using System.Globalization;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Api;

/// <summary>The rules for what requests of <c>substrate.v1.Admin</c> may hold. Each refusal names the field, the value and the rule.</summary>
internal static class AdminRules
{
    private const int LongestShown = 128;

    /// <summary>Refuses with a message unless it is null.</summary>
    public static void Demand(string? problem)
    {
        if (problem is not null)
        {
            throw ApiErrors.Invalid(problem);
        }
    }

    public static ActorKey Actor(string atespace, string name)
    {
        Demand(ApiRules.Actor(new() { Atespace = atespace, Name = name }, "name"));
        return new(atespace, name);
    }

    /// <summary>A label such as a name or a node's id.</summary>
    public static string Label(string field, string value) =>
        value.Length == 0 ? throw ApiErrors.Invalid($"{field} is required")
        : Names.Violation(value) is { } problem ? throw ApiErrors.Invalid($"invalid {field} {Shown(value)}: {problem}")
        : value;

    public static TemplateKey? Template(string @namespace, string name)
    {
        if (@namespace.Length == 0 && name.Length == 0)
        {
            return null;
        }

        return new(Label("template_namespace", @namespace), Label("template_name", name));
    }

    public static void Labels(IDictionary<string, string> labels)
    {
        Demand(labels.Count > ApiRules.MostLabels
            ? string.Create(CultureInfo.InvariantCulture, $"labels has {labels.Count} entries, exceeding the limit of {ApiRules.MostLabels}")
            : null);
        foreach (var (key, value) in labels.OrderBy(static l => l.Key, StringComparer.Ordinal))
        {
            Demand(State.Nodes.Labels.KeyViolation(key) is { } keyProblem ? $"invalid labels key {Shown(key)}: {keyProblem}"
                : State.Nodes.Labels.ValueViolation(value) is { } valueProblem ? $"invalid labels value {Shown(value)} for key {Shown(key)}: {valueProblem}"
                : null);
        }
    }

    /// <summary>States by the names that clients know, with or without their prefix.</summary>
    public static FrozenSet<ActorState> States(IEnumerable<string> names) => names.Select(StateOf).ToFrozenSet();

    public static long Limit(string field, long value) =>
        value >= 0 ? value : throw ApiErrors.Invalid(string.Create(CultureInfo.InvariantCulture, $"{field} {value} must be 0, for no limit, or more"));

    /// <summary>An idle time; null when the text is empty.</summary>
    public static TimeSpan? Duration(string field, string text) =>
        text.Length == 0 ? null
        : ManifestDuration.TryRead(text, out var duration) ? duration
        : throw ApiErrors.Invalid($"{field} {Shown(text)} {ManifestDuration.Form}, or 0 or never");

    // What a caller sent is shown back in part only, and without what could write on a terminal.
    public static string Shown(string value)
    {
        var shown = value.Length <= LongestShown ? value : value[..LongestShown] + "…";
        return $"\"{string.Concat(shown.Select(static c => char.IsControl(c) ? '�' : c))}\"";
    }

    private static ActorState StateOf(string name)
    {
        foreach (var state in Enum.GetValues<ActorState>().Where(static s => s != ActorState.Unspecified))
        {
            var known = ActorMessages.StatusName(state);
            if (string.Equals(name, known, StringComparison.OrdinalIgnoreCase) || string.Equals("STATUS_" + name, known, StringComparison.OrdinalIgnoreCase))
            {
                return state;
            }
        }

        throw ApiErrors.Invalid($"states: {Shown(name)} must be one of RESUMING, RUNNING, SUSPENDING, SUSPENDED, PAUSING, PAUSED");
    }
}
