using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.View;

namespace Substrate.Scheduler.Api;

/// <summary>
/// Brings actors to rest: SUSPENDED or PAUSED. A call looks at the record, does or waits for the one thing that the state asks
/// for, and looks again, so calls on one actor join what is under way and what one of them began goes on without it.
/// </summary>
internal sealed class RestCalls(ActorStore actors, ActorEvents events, NodeAgentClients agents, ClusterViewFeed view)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    public Task<ActorRecord> SuspendAsync(ActorKey key, CallLimit.Budget budget, CancellationToken cancellationToken) =>
        RestAsync(key, new(ActorState.Suspended, "suspended"), budget, cancellationToken);

    public Task<ActorRecord> PauseAsync(ActorKey key, CallLimit.Budget budget, CancellationToken cancellationToken) =>
        RestAsync(key, new(ActorState.Paused, "paused"), budget, cancellationToken);

    private async Task<ActorRecord> RestAsync(ActorKey key, Goal goal, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        using var watch = events.Open(key);
        while (true)
        {
            var next = watch.NextEvent;
            var record = await actors.GetAsync(key) ?? throw ApiErrors.ActorNotFound(key.Name);
            if (record.State == goal.State)
            {
                return record;
            }

            // A newer epoch than the one this call began with: a request has woken the actor, and its caller comes first.
            if (goal.Epoch >= 0 && record.Epoch != goal.Epoch)
            {
                throw ApiErrors.Woken(record, goal.Done);
            }

            if (budget.Over)
            {
                throw ApiErrors.TimeUp(key, goal.Done, goal.Waiting.Length > 0 ? goal.Waiting : $"it is {ActorMessages.StatusName(record.State)}");
            }

            if (!await StepAsync(record, goal, budget, cancellationToken))
            {
                await events.WaitAsync(next, Poll < budget.Left ? Poll : budget.Left, cancellationToken);
            }
        }
    }

    // What the state asks for. True: look again at once; false: wait for a change first.
    private async Task<bool> StepAsync(ActorRecord record, Goal goal, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        switch (record.State)
        {
            case ActorState.Running:
                goal.Epoch = record.Epoch;
                return await CheckpointAsync(record, goal, budget, cancellationToken);

            case ActorState.Suspending or ActorState.Pausing:
                goal.Epoch = record.Epoch;
                return false;

            case ActorState.Paused when goal.State == ActorState.Suspended:
                goal.Epoch = record.Epoch;
                return await UploadAsync(record, goal, budget, cancellationToken);

            default:
                throw ApiErrors.NotInState(record, goal.Done);
        }
    }

    private async Task<bool> CheckpointAsync(ActorRecord record, Goal goal, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        if (view.Current.Find(record.Node) is not { } node)
        {
            goal.Waiting = $"node {record.Node}, which runs it, is not alive";
            return false;
        }

        var pause = goal.State == ActorState.Paused;
        var answer = await agents.SuspendAsync(node.Status, record.Key, record.Epoch, pause, patient: true, budget.Left, cancellationToken);
        switch (answer.Reply?.Outcome)
        {
            case SuspendReply.Types.Outcome.Done:
                return true;
            case SuspendReply.Types.Outcome.Failed:
                throw ApiErrors.CheckpointFailed(record, goal.Done, answer.Reply.Reason);
            case SuspendReply.Types.Outcome.Busy:
                goal.Waiting = $"it is busy: {answer.Reply.Reason}";
                return false;
            default:
                goal.Waiting = answer.Reply?.Reason is { Length: > 0 } reason ? reason : answer.Problem;
                return false;
        }
    }

    private async Task<bool> UploadAsync(ActorRecord record, Goal goal, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        // The wish is written down first, so that the node goes on with it when this call or this process ends.
        var holder = record.Snapshot is { } snapshot ? view.Current.Find(snapshot.Node) : null;
        if (!record.UploadWanted)
        {
            await actors.WantUploadAsync(record.Key);
        }

        if (holder is null)
        {
            throw ApiErrors.HolderGone(record);
        }

        using var limit = new CancellationTokenSource(budget.Left, budget.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answer = await agents.UploadAsync(holder.Status, record.Key, record.Snapshot!.Id, either.Token);
            goal.Waiting = answer.Reply?.Reason ?? answer.Problem;
            return answer.Reply?.Stored == true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            goal.Waiting = $"node {holder.Status.Id} is still moving its snapshot to the store";
            return true;
        }
    }

    /// <summary>What one call wants, and what it has seen.</summary>
    private sealed class Goal(ActorState state, string done)
    {
        public ActorState State => state;

        public string Done => done;

        /// <summary>Epoch that is being brought to rest; -1 before anything was begun.</summary>
        public long Epoch { get; set; } = -1;

        /// <summary>What the call waits for, in words.</summary>
        public string Waiting { get; set; } = "";
    }
}
