using System.Collections.Immutable;
using Substrate.AteApi;
using Substrate.NodeAgents;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary>Creating, changing and deleting actors.</summary>
internal sealed class ActorCalls(
    ActorStore actors,
    ActorAdmission admissions,
    TemplateStore templates,
    ActorEvents events,
    NodeAgentClients agents,
    ClusterViewFeed view,
    TimeProvider time,
    ILogger<ActorCalls> logger)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan DiscardLimit = TimeSpan.FromSeconds(5);

    public async Task<ActorRecord> GetAsync(ActorKey key) => await actors.GetAsync(key) ?? throw ApiErrors.ActorNotFound(key.Name);

    public async Task<ActorRecord> CreateAsync(ActorKey key, TemplateKey template, Selector? selector)
    {
        var known = Names.IsLabel(template.Namespace) && Names.IsLabel(template.Name) && await templates.GetAsync(template) is not null;
        if (!known)
        {
            throw ApiErrors.TemplateMissing(template.Namespace, template.Name);
        }

        var admission = await admissions.CreateAsync(key, template, Labels(selector));
        return admission.Outcome switch
        {
            AdmissionOutcome.Created => admission.Record!,
            AdmissionOutcome.Exists => throw ApiErrors.ActorExists(key.Name),
            AdmissionOutcome.OverQuota => throw ApiErrors.OverQuota(admission.Refusal!),
            _ => throw ApiErrors.AtespaceMissing(key.Atespace),
        };
    }

    public async Task<ActorRecord> UpdateAsync(ActorKey key, Selector? selector)
    {
        var updated = await actors.UpdateAsync(key, Labels(selector));
        return updated.Done ? updated.Record! : throw ApiErrors.ActorNotFound(key.Name);
    }

    /// <summary>Deletes an actor at rest; one that is on the way there is waited for.</summary>
    public async Task DeleteAsync(ActorKey key, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        using var watch = events.Open(key);
        while (true)
        {
            var next = watch.NextEvent;
            var record = await GetAsync(key);
            switch (record.State)
            {
                case ActorState.Suspended or ActorState.Paused:
                    var snapshots = await actors.SnapshotsAsync(key);
                    var deleted = await actors.DeleteAsync(key, record.Uid);
                    if (deleted.Done)
                    {
                        await DiscardAsync(deleted.Record!, snapshots, cancellationToken);
                        return;
                    }

                    break;
                case (ActorState.Suspending or ActorState.Pausing) when !budget.Over:
                    await events.WaitAsync(next, Poll < budget.Left ? Poll : budget.Left, cancellationToken);
                    break;
                default:
                    throw ApiErrors.NotSuspended(record);
            }

            if (budget.Over)
            {
                throw ApiErrors.Conflict();
            }
        }
    }

    // The actor is gone whatever comes of this: what a node does not remove now only takes room.
    private async Task DiscardAsync(ActorRecord record, IReadOnlyList<string> snapshots, CancellationToken cancellationToken)
    {
        var nodes = view.Current;
        var node = nodes.Find(record.Snapshot?.Node ?? "") ?? nodes.Nodes.FirstOrDefault();
        if (node is null || snapshots.Count == 0)
        {
            return;
        }

        using var limit = new CancellationTokenSource(DiscardLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string problem;
        try
        {
            var answer = await agents.DiscardAsync(node.Status, record.Key, snapshots, either.Token);
            problem = answer.Problem;
        }
        catch (OperationCanceledException)
        {
            problem = "it took too long";
        }

        SchedulerMetrics.Decided("api", "discard", problem.Length == 0 ? "Ok" : "Failed");
        if (problem.Length > 0)
        {
            SchedulerLog.NotDiscarded(logger, record.Key, node.Status.Id, problem);
        }
    }

    private static ImmutableSortedDictionary<string, string> Labels(Selector? selector) =>
        selector is null ? ImmutableSortedDictionary<string, string>.Empty : selector.MatchLabels.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
