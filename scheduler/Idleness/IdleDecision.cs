using Substrate.NodeAgent.V1;
using Substrate.Scheduler.Census;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Idleness;

/// <summary>An actor that has been idle for long enough to be paused.</summary>
internal readonly record struct IdleActor(ActorKey Key, long Epoch, TimeSpan Idle);

/// <summary>Decides who has been idle for too long. Nothing is known here but what is handed in.</summary>
internal static class IdleDecision
{
    /// <summary>Running actors without work for their template's <see cref="IdlePolicy.PauseAfter"/>, the idlest first.</summary>
    /// <param name="sandboxes">What the node reports.</param>
    /// <param name="policy">The policies.</param>
    public static IReadOnlyList<IdleActor> ToPause(IEnumerable<Sandbox> sandboxes, IdlePolicyOf policy) =>
        [.. sandboxes
            .Where(static s => s is { Phase: "running", Busy: false, Actor: not null })
            .Where(s => policy(s.Actor.Atespace, new(s.TemplateNamespace, s.TemplateName)) is { } p && p.PauseAfter > TimeSpan.Zero && s.IdleMs >= p.PauseAfter.TotalMilliseconds)
            .OrderByDescending(static s => s.IdleMs)
            .Select(static s => new IdleActor(new(s.Actor.Atespace, s.Actor.Name), s.Epoch, TimeSpan.FromMilliseconds(s.IdleMs)))];

    /// <summary>Actors paused on a live node for their template's <see cref="IdlePolicy.SuspendAfter"/>, longest first. Age is by the store's clock.</summary>
    public static IReadOnlyList<ActorRecord> ToUpload(NodeCensus node, DateTimeOffset now, IdlePolicyOf policy) =>
        !node.Lease.Live
            ? []
            : [.. node.Members
                .Select(static member => member.Record)
                .OfType<ActorRecord>()
                .Where(record => record is { State: ActorState.Paused, Snapshot: { Stored: false } snapshot } && snapshot.Node == node.Id)
                .Where(record => policy(record.Key.Atespace, record.Template) is { } p && p.SuspendAfter > TimeSpan.Zero && now - record.UpdatedAt >= p.SuspendAfter)
                .OrderBy(static record => record.UpdatedAt)];
}
