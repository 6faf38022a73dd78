using System.Collections.Frozen;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.State.Storage;

/// <summary>Which actors a listing is about. What is not set does not matter.</summary>
public sealed record ActorQuery
{
    private static readonly ActorState[] OnNodes =
        [ActorState.Resuming, ActorState.Running, ActorState.Suspending, ActorState.Pausing, ActorState.Paused];

    public string Atespace { get; init; } = "";

    public TemplateKey? Template { get; init; }

    /// <summary>States; empty for every one.</summary>
    public FrozenSet<ActorState> States { get; init; } = FrozenSet<ActorState>.Empty;

    /// <summary>Node that it runs on, or whose disk alone has its newest state.</summary>
    public string Node { get; init; } = "";

    /// <summary>Labels it must bear.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>True when only actors can be meant that nodes' sets name: they run, or their newest state is on one disk only.</summary>
    public bool OnNodesOnly => Node.Length > 0 || (States.Count > 0 && States.All(static state => OnNodes.Contains(state)));

    /// <summary>True when a record is one that is asked for.</summary>
    public bool Matches(ActorRecord record) =>
        (Atespace.Length == 0 || record.Key.Atespace == Atespace)
        && (Template is not { } template || record.Template == template)
        && (States.Count == 0 || States.Contains(record.State))
        && (Node.Length == 0 || record.Node == Node || (record.Node.Length == 0 && record.OnOneNodeOnly && record.Snapshot!.Node == Node))
        && Labels.All(label => record.Labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The same query always gives the same text, and no other query does.</summary>
    public string Canonical() => string.Join(
        '|',
        [
            Atespace, Template?.ToString() ?? "", string.Join(',', States.Order().Select(static s => ((int)s).ToString(System.Globalization.CultureInfo.InvariantCulture))), Node,
            .. Labels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}={l.Value}"),
        ]);
}
