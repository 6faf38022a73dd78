using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.Telemetry;
using Substrate.State.Templates;
using Substrate.State.Transitions;

namespace Substrate.State.Storage;

/// <summary>
/// The transitions of actor records. Each is one atomic script, and repeating any of them after an unknown outcome is safe:
/// it finds its own effect and answers <see cref="Outcome.Ok"/>, or is fenced by epoch, node, token or uid.
/// </summary>
public sealed class ActorStore(IConnectionMultiplexer redis)
{
    private readonly IDatabase _db = redis.GetDatabase();
    private readonly ActorIndex _index = new(redis);

    /// <summary>Reads a record; null when there is no such actor.</summary>
    public async Task<ActorRecord?> GetAsync(ActorKey key) => ActorHash.Read(key, await _db.HashGetAllAsync(Keys.Actor(key)));

    /// <summary>Creates an actor at rest. The name enters the index first and again afterwards, so that no interleaving with a delete hides it.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="uid">Identity of this creation; a repeated call with it is not a conflict.</param>
    /// <param name="template">Template that the actor is made from.</param>
    /// <param name="selector">Labels a node must carry to run it.</param>
    public async Task<TransitionResult> CreateAsync(
        ActorKey key, string uid, TemplateKey template, IReadOnlyDictionary<string, string> selector)
    {
        await _index.AddAsync(key, template);
        var result = await RunAsync("create", key, uid, template.ToString(), ActorHash.Write(selector));
        if (result.Record?.Template == template)
        {
            await _index.AddAsync(key, template);
        }
        else
        {
            // The name belongs to an actor of another template.
            await _index.PruneAsync(key, template, GetAsync);
        }

        return result;
    }

    /// <summary>SUSPENDED|PAUSED → RESUMING with the next epoch on <paramref name="node"/>.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="token">Random name of this claim; a repeated call with it is not a conflict.</param>
    /// <param name="node">Node that is to run the actor.</param>
    /// <param name="within">Time after which the activation is overdue and may be failed by anyone.</param>
    public async Task<TransitionResult> ClaimAsync(ActorKey key, string token, string node, TimeSpan within)
    {
        // The set is a superset of what may run on the node: it is written first, so that a dead node's actors are always found.
        // Again afterwards, since pruning may have taken it off in between; whoever prunes looks at the record once more.
        await _db.SetAddAsync(Keys.NodeActors(node), key.ToString());
        var claimed = RunAsync("claim", key, token, node, Milliseconds(within));
        var kept = _db.SetAddAsync(Keys.NodeActors(node), key.ToString());
        var result = await claimed;
        await kept;
        return result;
    }

    /// <summary>RESUMING on <paramref name="from"/> → RESUMING on <paramref name="to"/>, same epoch.</summary>
    public async Task<TransitionResult> ReplaceAsync(ActorKey key, long epoch, string from, string to, TimeSpan within)
    {
        await _db.SetAddAsync(Keys.NodeActors(to), key.ToString());
        var replaced = RunAsync("replace", key, epoch, from, to, Milliseconds(within));
        var kept = _db.SetAddAsync(Keys.NodeActors(to), key.ToString());
        var result = await replaced;
        await kept;
        return result;
    }

    /// <summary>RESUMING → RUNNING at <paramref name="endpoint"/>.</summary>
    public Task<TransitionResult> RunningAsync(ActorKey key, long epoch, string node, string endpoint) =>
        RunAsync("running", key, epoch, node, endpoint);

    /// <summary>RESUMING → at rest, with a reason that callers are shown.</summary>
    public Task<TransitionResult> FailAsync(ActorKey key, long epoch, string node, string reason) =>
        RunAsync("fail", key, epoch, node, reason, "0");

    /// <summary>RESUMING → at rest, only when the activation is overdue on the store's clock; else <see cref="Outcome.WrongState"/>.</summary>
    public Task<TransitionResult> FailOverdueAsync(ActorKey key, long epoch) =>
        RunAsync("fail", key, epoch, "", "the activation did not finish in time", "1");

    /// <summary>RUNNING → SUSPENDING: the snapshot is to go on to the store.</summary>
    public Task<TransitionResult> BeginSuspendAsync(ActorKey key, long epoch, TimeSpan within) =>
        RunAsync("begin_suspend", key, epoch, Milliseconds(within));

    /// <summary>RUNNING → PAUSING: the snapshot is to stay on the node's disk.</summary>
    public Task<TransitionResult> BeginPauseAsync(ActorKey key, long epoch, TimeSpan within) =>
        RunAsync("begin_pause", key, epoch, Milliseconds(within));

    /// <summary>SUSPENDING|PAUSING → RUNNING.</summary>
    public Task<TransitionResult> AbortAsync(ActorKey key, long epoch, string reason) => RunAsync("abort", key, epoch, reason);

    /// <summary>SUSPENDING|PAUSING → PAUSED: commits a snapshot on the disk of <paramref name="node"/>.</summary>
    public Task<TransitionResult> PausedAsync(ActorKey key, long epoch, string snapshot, string node, long bytes) =>
        RunAsync("paused", key, epoch, snapshot, node, bytes);

    /// <summary>SUSPENDING|PAUSING → SUSPENDED: commits a snapshot that is in the store already.</summary>
    public Task<TransitionResult> SuspendedAsync(ActorKey key, long epoch, string snapshot, string node, long bytes) =>
        RunAsync("suspended", key, epoch, snapshot, node, bytes);

    /// <summary>PAUSED → SUSPENDED without waking; an actor woken meanwhile only gains the stored copy.</summary>
    public Task<TransitionResult> UploadedAsync(ActorKey key, string snapshot) => RunAsync("uploaded", key, snapshot);

    /// <summary>Asks for the snapshot of a PAUSED actor to move to the store.</summary>
    public Task<TransitionResult> WantUploadAsync(ActorKey key) => RunAsync("want_upload", key);

    /// <summary>The sandbox or its node is gone: back to the newest snapshot.</summary>
    public Task<TransitionResult> LostAsync(ActorKey key, long epoch, string node, string reason) =>
        RunAsync("lost", key, epoch, node, reason);

    /// <summary>Tells the node of an actor being suspended that a request wants it.</summary>
    public Task<TransitionResult> WakeAsync(ActorKey key) => RunAsync("wake", key);

    /// <summary>Replaces the selector.</summary>
    public Task<TransitionResult> UpdateAsync(ActorKey key, IReadOnlyDictionary<string, string> selector) =>
        RunAsync("update", key, ActorHash.Write(selector));

    /// <summary>SUSPENDED|PAUSED → gone. The answer carries the record as it was.</summary>
    public async Task<TransitionResult> DeleteAsync(ActorKey key, string uid)
    {
        await _index.BeginAsync(key);
        var result = await RunAsync("delete", key, uid);
        await _index.SettleAsync(key, result is { Outcome: Outcome.Ok, Record: { } gone } ? gone : null, GetAsync);
        return result;
    }

    /// <summary>Ids of the snapshots the record refers to, oldest first.</summary>
    public async Task<IReadOnlyList<string>> SnapshotsAsync(ActorKey key) =>
        [.. (await _db.SortedSetRangeByRankAsync(Keys.Snapshots(key))).Select(static id => id.ToString())];

    /// <summary>Looks at a name whose index entry has no record, and takes the entry out unless somebody is at work on it.</summary>
    public Task PruneAsync(ActorKey key, TemplateKey template) => _index.PruneAsync(key, template, GetAsync);

    /// <summary>Replaces the labels that listings can ask for; allowed in every state.</summary>
    public async Task<TransitionResult> LabelAsync(ActorKey key, IReadOnlyDictionary<string, string> labels)
    {
        var before = await GetAsync(key);
        await _index.LabelAsync(key, labels);
        var result = await RunAsync("label", key, ActorHash.Write(labels));
        await _index.UnlabelAsync(key, before?.Labels ?? labels, GetAsync);
        if (result.Record is null)
        {
            await _index.UnlabelAsync(key, labels, GetAsync);
        }

        return result;
    }

    private async Task<TransitionResult> RunAsync(string name, ActorKey key, params RedisValue[] arguments)
    {
        RedisValue[] values = [Keys.ActorEvents(Keys.Shard(key)).ToString(), key.ToString(), .. arguments];
        var shard = Keys.RecordShard(key);
        RedisKey[] keys = [Keys.Actor(key), Keys.Snapshots(key), Keys.Changes(shard), Keys.ChangeCounters(shard)];
        using var span = Tracing.State.StartActivity(name, ActivityKind.Client);
        var result = ActorHash.ReadAnswer(key, await _db.ScriptEvaluateAsync(Scripts.Transition(name), keys, values));
        if (span is not null)
        {
            span.SetTag(Tracing.ActorTag, key.ToString()).SetTag(Tracing.OutcomeTag, result.Outcome.ToString());
        }

        return result;
    }

    private static string Milliseconds(TimeSpan span) => ((long)span.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
