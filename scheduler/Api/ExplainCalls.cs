using System.Collections.Immutable;
using System.Globalization;
using Substrate.Admin.V1;
using Substrate.NodeAgents;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.Placement;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.View;
using Activator = Substrate.State.Activation.Activator;

namespace Substrate.Scheduler.Api;

/// <summary>Says why an actor is where it is, and what a request for it would do now. Decides as an activation would, and changes nothing.</summary>
internal sealed class ExplainCalls(ActorStore actors, TemplateCache templates, ClusterViewFeed view, NodeAgentClients agents, AtespaceFeed settings, RunningQuota quota)
{
    private const int MostEvictions = 5;

    public async Task<ExplainActorResponse> ExplainAsync(ExplainActorRequest request, CancellationToken cancellationToken)
    {
        var key = AdminRules.Actor(request.Atespace, request.Name);
        var record = await actors.GetAsync(key) ?? throw ApiErrors.ActorNotFound(key.Name);
        var answer = new ExplainActorResponse { State = ActorMessages.StatusName(record.State), Node = record.Node };
        if (record.State is not (ActorState.Suspended or ActorState.Paused))
        {
            answer.Why = Live(record, view.Current);
            return answer;
        }

        var template = await templates.GetAsync(record.Template);
        if (template is not { Phase: TemplatePhase.Ready })
        {
            answer.Why = template is null ? $"ActorTemplate {record.Template} not found"
                : $"ActorTemplate {record.Template} is {template.Phase}{(template.Reason.Length == 0 ? "" : ": " + template.Reason)}";
            return answer;
        }

        await PlaceAsync(answer, record, template, cancellationToken);
        answer.Why = await QuotaAsync(record) ?? AtRest(record);
        return answer;
    }

    private async Task PlaceAsync(ExplainActorResponse answer, ActorRecord record, TemplateRecord template, CancellationToken cancellationToken)
    {
        var now = view.Current;
        var request = Activator.Request(record, template);
        var placed = Placer.Place(now, request, null, 0);
        answer.Placement = placed.Kind.ToString();
        answer.Node = placed.Node?.Status.Id ?? "";
        answer.Nodes.AddRange(now.Nodes.Select(node => Verdict(node, request)));
        if (placed is { Kind: PlacementKind.MakeRoom, Node: { } chosen })
        {
            var sandboxes = await agents.ListSandboxesAsync(chosen.Status, cancellationToken);
            answer.Evictions.AddRange((sandboxes.Reply?.Sandboxes ?? [])
                .Where(static s => s is { Phase: "running", Busy: false, Actor: not null })
                .OrderByDescending(static s => s.IdleMs)
                .Take(MostEvictions)
                .Select(static s => new EvictionCandidate { Atespace = s.Actor.Atespace, Name = s.Actor.Name, IdleMs = s.IdleMs }));
        }
    }

    private static string Live(ActorRecord record, ClusterView view) => record.State switch
    {
        ActorState.Running => $"it runs on node {record.Node}{Gone(record, view)}",
        ActorState.Resuming => $"node {record.Node} is bringing it up{Gone(record, view)}",
        _ => $"node {record.Node} is taking its snapshot{(record.WakeWanted ? "; a request wants it back" : "")}{Gone(record, view)}",
    };

    private static string Gone(ActorRecord record, ClusterView view) => view.Find(record.Node) is null ? ", which is not alive" : "";

    private static string AtRest(ActorRecord record) =>
        record.Reason.Length > 0 ? $"its last activation came to nothing: {record.Reason}"
        : record.Snapshot is null ? "no request has asked for it yet"
        : "it was idle or asked to rest, and no request has asked for it since";

    private async Task<string?> QuotaAsync(ActorRecord record)
    {
        if (!quota.Limited(record.Key.Atespace))
        {
            return null;
        }

        var (limits, use) = (settings.Current[record.Key.Atespace], await quota.UseAsync(record.Key.Atespace));
        return limits.MaxRunning > 0 && use.Running >= limits.MaxRunning
            ? new QuotaRefusal(record.Key.Atespace, "running", limits.MaxRunning, use.Running).ToString()
            : null;
    }

    private static NodeVerdict Verdict(NodeView node, PlacementRequest request)
    {
        var status = node.Status;
        var missing = Missing(status.Labels, request.TemplateSelector, "template") ?? Missing(status.Labels, request.ActorSelector, "actor");
        var ruledOut = request.Pinned && status.Id != request.SnapshotNode ? $"the actor's newest state is only on node {request.SnapshotNode}"
            : request.Pinned ? null
            : status.Draining ? "it takes no further actors" : missing;
        var free = string.Create(CultureInfo.InvariantCulture, $"{node.Free} of {status.Slots} slots free, {status.Evictable} idle actors");
        var local = status.Id == request.SnapshotNode ? ", has the snapshot" : "";
        var warm = status.Warm.GetValueOrDefault(request.TemplateUid) > 0 ? ", has a sandbox ready" : "";
        return new() { Node = status.Id, Eligible = ruledOut is null, Reason = ruledOut ?? free + local + warm };
    }

    private static string? Missing(ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string>? selector, string whose)
    {
        var lacking = selector?.FirstOrDefault(wanted => !labels.TryGetValue(wanted.Key, out var value) || value != wanted.Value);
        return lacking is { Key: { } key, Value: var wantedValue } ? $"it does not bear {key}={wantedValue}, which the {whose} selects" : null;
    }
}
