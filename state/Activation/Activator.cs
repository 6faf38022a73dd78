using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.Placement;
using Substrate.State.Storage;
using Substrate.State.Telemetry;
using Substrate.State.Templates;
using Substrate.State.Transitions;
using Substrate.State.View;

namespace Substrate.State.Activation;

/// <summary>
/// Brings an actor up, whatever state it is in: reads, claims, places, asks the node, and waits for what others have begun. Any
/// number of processes may do so for one actor at once; the record's transitions let exactly one of them through.
/// </summary>
public sealed class Activator(
    ActorStore actors, TemplateCache templates, ClusterViewFeed view, ActorEvents events, INodeAgents nodes,
    ActorAdmission admission, RunningQuota quota, TimeProvider time, Random random)
{
    /// <summary>Time after which an activation that nobody finished may be failed by anyone.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(2);

    /// <summary>Longest wait for an event that may have been missed.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a node may hold an activation for room when it has idle actors, and when it has none.</summary>
    private static readonly TimeSpan WaitForRoom = TimeSpan.FromSeconds(10);

    /// <summary>Brings the actor up.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="deadEpoch">Epoch whose endpoint refused a connection: a record that still shows it is waited out; -1 for none.</param>
    /// <param name="boot">Start a fresh process if it is at rest, using no snapshot.</param>
    /// <param name="limit">Time until giving up.</param>
    /// <param name="cancellationToken">Ends the work; what a node has begun goes on.</param>
    public async Task<ActivationResult> ActivateAsync(
        ActorKey key, long deadEpoch, bool boot, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var span = Tracing.State.StartActivity("activate");
        var result = await TryAsync(key, deadEpoch, boot, limit, cancellationToken);
        if (span is not null)
        {
            span.SetTag(Tracing.ActorTag, key.ToString()).SetTag(Tracing.OutcomeTag, result.Outcome.ToString()).SetTag(Tracing.NodeTag, result.Record?.Node);
        }

        return result;
    }

    private async Task<ActivationResult> TryAsync(ActorKey key, long deadEpoch, bool boot, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var attempt = new Attempt();
        using var watch = events.Open(key);
        while (true)
        {
            var next = watch.NextEvent;
            var record = await actors.GetAsync(key);
            if (record is null)
            {
                if (await AppearAsync(key, attempt) is { } absent)
                {
                    return absent;
                }

                continue;
            }

            var left = limit - time.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                return new(attempt.LastWait, record, attempt.Reason(record, limit));
            }

            var result = await StepAsync(record, deadEpoch, boot, left, attempt, cancellationToken);
            if (result is not null)
            {
                return result;
            }

            if (attempt.Pause is { } pause)
            {
                await events.WaitAsync(attempt.Room ?? next, pause < left ? pause : left, cancellationToken);
            }
        }
    }

    // An atespace may want actors to be made by the first request for them. Null means: look again.
    private async Task<ActivationResult?> AppearAsync(ActorKey key, Attempt attempt)
    {
        var template = attempt.Appeared ? null : admission.TemplateFor(key);
        attempt.Appeared = true;
        if (template is not { } wanted)
        {
            return new(ActivationOutcome.NotFound, null, $"Actor {key.Name} not found");
        }

        if (await templates.GetAsync(wanted) is null)
        {
            return new(ActivationOutcome.TemplateNotReady, null, $"ActorTemplate {wanted} not found");
        }

        var appeared = await admission.AppearAsync(key, wanted);
        return appeared switch
        {
            { Outcome: AdmissionOutcome.Created or AdmissionOutcome.Exists } => null,
            { Refusal: { } refusal } => new(ActivationOutcome.OverQuota, null, refusal.ToString()),
            _ => new(ActivationOutcome.NotFound, null, $"Actor {key.Name} not found"),
        };
    }

    // One look at the record. Null means: look again, after the attempt's pause if it asks for one.
    private async Task<ActivationResult?> StepAsync(
        ActorRecord record, long deadEpoch, bool boot, TimeSpan left, Attempt attempt, CancellationToken cancellationToken)
    {
        attempt.Wait(Poll, ActivationOutcome.TimedOut, "the actor is " + record.State.ToString().ToUpperInvariant());
        switch (record.State)
        {
            case ActorState.Running when record.Epoch != deadEpoch:
                return new(ActivationOutcome.Running, record, "", attempt.Timings);

            case ActorState.Running:
                attempt.Wait(Poll, ActivationOutcome.Failed, $"its endpoint {record.Endpoint} refuses connections");
                return null;

            case ActorState.Resuming:
                // Overdue only when the process that claimed it and its node both gave up or died; the store's clock decides.
                await actors.FailOverdueAsync(record.Key, record.Epoch);
                return null;

            case ActorState.Suspending or ActorState.Pausing:
                if (record.Epoch != attempt.WokenEpoch)
                {
                    attempt.WokenEpoch = record.Epoch;
                    await actors.WakeAsync(record.Key);
                    if (view.Current.Find(record.Node) is { } node)
                    {
                        await nodes.WakeAsync(node.Status, record, cancellationToken);
                    }

                    attempt.Pause = null;
                }

                return null;

            default:
                return await ClaimAsync(record, boot, left, attempt, cancellationToken);
        }
    }

    private async Task<ActivationResult?> ClaimAsync(
        ActorRecord record, bool boot, TimeSpan left, Attempt attempt, CancellationToken cancellationToken)
    {
        // 1. The template must be ready; one that is still being built is waited for.
        var template = await templates.GetAsync(record.Template);
        switch (template?.Phase)
        {
            case null:
                return new(ActivationOutcome.TemplateNotReady, record, $"ActorTemplate {record.Template} not found");
            case TemplatePhase.Failed:
                return new(ActivationOutcome.TemplateNotReady, record, $"ActorTemplate {record.Template} failed: {template.Reason}");
            case TemplatePhase.Pending or TemplatePhase.Building:
                attempt.Wait(Poll, ActivationOutcome.TemplateNotReady, $"ActorTemplate {record.Template} is still being prepared");
                return null;
        }

        // 2. Place. The change is taken first, so that room which comes up meanwhile is not missed.
        var change = view.NextChange;
        var request = Request(record, template!);
        var placed = Placer.Place(view.Current, request, null, random.Next());
        switch (placed.Kind)
        {
            case PlacementKind.HolderGone:
                attempt.WaitForRoom(change, Poll, ActivationOutcome.NoNode, $"its newest state is only on node {record.Snapshot!.Node}, which is not alive");
                return null;
            case PlacementKind.NoMatch:
                attempt.WaitForRoom(change, Poll, ActivationOutcome.NoNode, "no live node matches its selectors");
                return null;
        }

        // 3. Count it against the atespace's quotas, if it has any. What counts there now may come to rest: that is waited for.
        if (await quota.TakeAsync(record, template!.Spec) is { } refusal)
        {
            attempt.Wait(Poll, ActivationOutcome.OverQuota, refusal.ToString());
            return null;
        }

        // 4. Claim. Losing the race is fine: whoever won brings it up.
        placed.Node!.Charge(request);
        var claim = await actors.ClaimAsync(record.Key, Guid.NewGuid().ToString("N"), placed.Node.Status.Id, Overdue);
        if (!claim.Done)
        {
            attempt.Pause = claim.Outcome == Outcome.WrongState ? null : Poll;
            return null;
        }

        return await DriveAsync(claim.Record!, template!, placed, boot, left, attempt, cancellationToken);
    }

    // Asks the claimed node, and the next best ones while they refuse.
    private async Task<ActivationResult?> DriveAsync(
        ActorRecord record, TemplateRecord template, PlacementDecision placed, bool boot, TimeSpan left, Attempt attempt, CancellationToken cancellationToken)
    {
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var request = Request(record, template);
        while (true)
        {
            // A node that was believed to have room and has none, because others placed there too, is not waited for while there are others.
            var node = placed.Node!.Status;
            var elsewhere = placed.Kind == PlacementKind.Room && !request.Pinned && view.Current.Nodes.Length > refused.Count + 1;
            var wait = elsewhere ? TimeSpan.Zero : left < WaitForRoom ? left : WaitForRoom;
            var answer = await nodes.ActivateAsync(node, record, boot, wait, cancellationToken);
            switch (answer.Outcome)
            {
                case NodeOutcome.Running:
                    attempt.Timings = answer.Timings;
                    return new(
                        ActivationOutcome.Running,
                        record with { State = ActorState.Running, Endpoint = answer.Endpoint, Deadline = null },
                        "",
                        answer.Timings);

                case NodeOutcome.Failed:
                    return new(ActivationOutcome.Failed, record, answer.Reason);

                case NodeOutcome.Stale:
                    attempt.Pause = null;
                    return null;
            }

            // Refused or unreachable: the epoch fences whatever the node may still do, so the claim can move on.
            refused.Add(node.Id);
            var next = Placer.Place(view.Current, request, refused, random.Next());
            if (next.Node is null || refused.Contains(next.Node.Status.Id))
            {
                await actors.FailAsync(record.Key, record.Epoch, node.Id, answer.Reason);
                attempt.WaitForRoom(view.NextChange, Poll, ActivationOutcome.NoRoom, answer.Reason);
                return null;
            }

            next.Node.Charge(request);
            var moved = await actors.ReplaceAsync(record.Key, record.Epoch, node.Id, next.Node.Status.Id, Overdue);
            if (!moved.Done)
            {
                attempt.Pause = null;
                return null;
            }

            (record, placed) = (moved.Record!, next);
        }
    }

    /// <summary>What has to be placed when the actor is activated now.</summary>
    public static PlacementRequest Request(ActorRecord record, TemplateRecord template) => new()
    {
        TemplateUid = template.Uid,
        SnapshotNode = record.Snapshot?.Node ?? "",
        Pinned = record.OnOneNodeOnly,
        MemoryBytes = Math.Max(template.Spec.Resources.RequestedMemoryBytes, record.Snapshot?.Bytes ?? template.GoldenBytes),
        CpuMillis = template.Spec.Resources.RequestedCpuMillis,
        TemplateSelector = template.Spec.NodeSelector,
        ActorSelector = record.Selector,
    };

    // What one call to ActivateAsync remembers between its looks at the record.
    private sealed class Attempt
    {
        private string _reason = "";

        public bool Appeared { get; set; }

        public TimeSpan? Pause { get; set; }

        public Task? Room { get; private set; }

        public long WokenEpoch { get; set; } = -1;

        public ActivationTimings Timings { get; set; }

        public ActivationOutcome LastWait { get; private set; } = ActivationOutcome.TimedOut;

        public void Wait(TimeSpan pause, ActivationOutcome outcome, string reason) =>
            (Pause, Room, LastWait, _reason) = (pause, null, outcome, reason);

        public void WaitForRoom(Task room, TimeSpan pause, ActivationOutcome outcome, string reason) =>
            (Pause, Room, LastWait, _reason) = (pause, room, outcome, reason);

        public string Reason(ActorRecord record, TimeSpan limit) =>
            $"actor {record.Key} did not come up within {limit.TotalSeconds:0.#} s: {_reason}";
    }
}
