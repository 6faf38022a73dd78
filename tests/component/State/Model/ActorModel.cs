using System.Collections.Immutable;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Transitions;

namespace Substrate.State.ComponentTests.Model;

/// <summary>
/// The life of one actor as the design tells it, in memory: who may do what when, and what the record says afterwards. Times
/// are left out except whether the deadline has passed.
/// </summary>
public sealed class ActorModel(ActorKey key)
{
    private readonly List<string> _everCommitted = [];
    private string _claim = "";
    private bool _overdue;

    public ActorRecord? Record { get; private set; }

    /// <summary>Highest epoch of all actors that had the name.</summary>
    public long HighestEpoch { get; private set; }

    /// <summary>Snapshots the record refers to, oldest first.</summary>
    public ImmutableList<string> Snapshots { get; private set; } = [];

    /// <summary>Id of the newest snapshot, or of another one that was committed or never existed.</summary>
    public string SnapshotBefore(int stale) =>
        stale == 0 ? Record?.Snapshot?.Id ?? "none" : _everCommitted.Count > stale && stale > 0 ? _everCommitted[^(stale + 1)] : "none";

    /// <summary>What the call must answer, having changed the record as it must.</summary>
    /// <param name="call">The transition.</param>
    /// <param name="born">Epoch the store gave to an actor that it has just created.</param>
    public Outcome Apply(Call call, long born)
    {
        if (call.Verb == Verb.Create)
        {
            return Create(call, born);
        }

        if (Record is not { } now)
        {
            return Outcome.Missing;
        }

        var (outcome, after) = call.Verb == Verb.Delete ? Delete(call, now) : Change(call, now);
        if (!ReferenceEquals(after, now))
        {
            Record = after is null ? null : after with { Version = now.Version + 1 };
            HighestEpoch = Math.Max(HighestEpoch, after?.Epoch ?? 0);
        }

        return outcome;
    }

    private Outcome Create(Call call, long born)
    {
        if (Record is not null)
        {
            return Record.Uid == call.Uid ? Outcome.Ok : Outcome.Exists;
        }

        Assert.True(born > HighestEpoch, $"a new actor starts at epoch {born}, an earlier one of its name was at {HighestEpoch}");
        HighestEpoch = born;
        Record = new ActorRecord
        {
            Key = key,
            State = ActorState.Suspended,
            Epoch = born,
            Version = 1,
            Template = Fresh.Template,
            Uid = call.Uid,
            Selector = call.Selector.ToImmutableSortedDictionary(),
        };
        return Outcome.Ok;
    }

    private (Outcome Outcome, ActorRecord? After) Delete(Call call, ActorRecord now)
    {
        if (now.Uid != call.Uid)
        {
            return (Outcome.Fenced, now);
        }

        if (!AtRest(now))
        {
            return (Outcome.WrongState, now);
        }

        Snapshots = [];
        return (Outcome.Ok, null);
    }

    private (Outcome Outcome, ActorRecord After) Change(Call call, ActorRecord now) => call.Verb switch
    {
        Verb.Claim => Claim(call, now),
        Verb.Update => Pass(now.Selector["pool"] == call.Token ? now : now with { Selector = call.Selector.ToImmutableSortedDictionary() }),
        Verb.Label => Pass(now.Labels.GetValueOrDefault("pool") == call.Token ? now : now with { Labels = call.Selector.ToImmutableSortedDictionary() }),
        Verb.Wake => !InTransit(now) ? (Outcome.WrongState, now) : Pass(now.WakeWanted ? now : now with { WakeWanted = true }),
        Verb.WantUpload => !AtRest(now)
            ? (Outcome.WrongState, now)
            : Pass(now.State == ActorState.Suspended || now.UploadWanted ? now : now with { UploadWanted = true }),
        Verb.Uploaded => now.Snapshot is null || now.Snapshot.Id != call.Snapshot ? (Outcome.Fenced, now) : Uploaded(now),
        _ when call.Epoch != now.Epoch => (Outcome.Fenced, now),
        Verb.Replace => Replace(call, now),
        Verb.Running => Running(call, now),
        Verb.Fail => now.State != ActorState.Resuming ? (Outcome.WrongState, now)
            : now.Node != call.Node ? (Outcome.Fenced, now) : Pass(Rest(now, call.Token)),
        Verb.FailOverdue => now.State != ActorState.Resuming || !_overdue
            ? (Outcome.WrongState, now)
            : Pass(Rest(now, "the activation did not finish in time")),
        Verb.BeginSuspend => Begin(call, now, ActorState.Suspending),
        Verb.BeginPause => Begin(call, now, ActorState.Pausing),
        Verb.Abort => now.State == ActorState.Running ? Pass(now)
            : !InTransit(now) ? (Outcome.WrongState, now)
            : Pass(now with { State = ActorState.Running, WakeWanted = false, UploadWanted = false, Deadline = null, Reason = call.Token }),
        Verb.Paused => Commit(call, now, ActorState.Paused),
        Verb.Suspended => Commit(call, now, ActorState.Suspended),
        Verb.Lost => now.Node != call.Node ? (Outcome.Fenced, now) : Pass(Rest(now, call.Token) with { WakeWanted = false }),
        _ => throw new ArgumentOutOfRangeException(nameof(call), call.Verb, "not a change"),
    };

    private (Outcome Outcome, ActorRecord After) Claim(Call call, ActorRecord now)
    {
        if (now.State == ActorState.Resuming && _claim == call.Token)
        {
            return Pass(now);
        }

        if (!AtRest(now))
        {
            return (Outcome.WrongState, now);
        }

        if (PinnedElsewhere(now, call.Node))
        {
            return (Outcome.Pinned, now);
        }

        (_claim, _overdue) = (call.Token, call.Overdue);
        return Pass(now with
        {
            State = ActorState.Resuming,
            Epoch = now.Epoch + 1,
            Node = call.Node,
            WakeWanted = false,
            Reason = "",
            Deadline = DateTimeOffset.MaxValue,
        });
    }

    private (Outcome Outcome, ActorRecord After) Replace(Call call, ActorRecord now)
    {
        if (now.State != ActorState.Resuming)
        {
            return (Outcome.WrongState, now);
        }

        if (now.Node == call.Other)
        {
            return Pass(now);
        }

        if (now.Node != call.Node)
        {
            return (Outcome.Fenced, now);
        }

        if (PinnedElsewhere(now, call.Other))
        {
            return (Outcome.Pinned, now);
        }

        _overdue = call.Overdue;
        return Pass(now with { Node = call.Other });
    }

    private static (Outcome Outcome, ActorRecord After) Running(Call call, ActorRecord now) =>
        now.Node != call.Node ? (Outcome.Fenced, now)
        : now.State == ActorState.Running && now.Endpoint == call.Token ? Pass(now)
        : now.State != ActorState.Resuming ? (Outcome.WrongState, now)
        : Pass(now with { State = ActorState.Running, Endpoint = call.Token, Deadline = null, Reason = "" });

    private static (Outcome Outcome, ActorRecord After) Begin(Call call, ActorRecord now, ActorState to) =>
        now.State == to ? Pass(now)
        : now.State != ActorState.Running ? (Outcome.WrongState, now)
        : Pass(now with { State = to, UploadWanted = to == ActorState.Suspending, WakeWanted = false, Deadline = DateTimeOffset.MaxValue });

    private (Outcome Outcome, ActorRecord After) Commit(Call call, ActorRecord now, ActorState to)
    {
        if (now.State == to && now.Snapshot?.Id == call.Snapshot)
        {
            return Pass(now);
        }

        if (!InTransit(now))
        {
            return (Outcome.WrongState, now);
        }

        if (now.Node != call.Node)
        {
            return (Outcome.Fenced, now);
        }

        var stored = to == ActorState.Suspended;
        _everCommitted.Add(call.Snapshot);
        Snapshots = Snapshots.Add(call.Snapshot);
        return Pass(Rest(now, "") with
        {
            State = to,
            Snapshot = new SnapshotRef(call.Snapshot, call.Node, stored, Call.Bytes),
            UploadWanted = !stored && now.UploadWanted,
            WakeWanted = !stored && now.WakeWanted,
        });
    }

    private (Outcome Outcome, ActorRecord After) Uploaded(ActorRecord now)
    {
        if (now.Snapshot!.Stored)
        {
            return Pass(now);
        }

        Snapshots = [now.Snapshot.Id];
        var stored = now with { Snapshot = now.Snapshot with { Stored = true } };
        return Pass(
            now.State == ActorState.Paused ? stored with { State = ActorState.Suspended, UploadWanted = false, WakeWanted = false }
            : InTransit(now) ? stored
            : stored with { UploadWanted = false });
    }

    private ActorRecord Rest(ActorRecord now, string reason)
    {
        _claim = "";
        return now with
        {
            State = now.OnOneNodeOnly ? ActorState.Paused : ActorState.Suspended,
            UploadWanted = now.OnOneNodeOnly && now.UploadWanted,
            Node = "",
            Endpoint = "",
            Deadline = null,
            Reason = reason,
        };
    }

    private static (Outcome Outcome, ActorRecord After) Pass(ActorRecord after) => (Outcome.Ok, after);

    private static bool AtRest(ActorRecord record) => record.State is ActorState.Suspended or ActorState.Paused;

    private static bool InTransit(ActorRecord record) => record.State is ActorState.Suspending or ActorState.Pausing;

    private static bool PinnedElsewhere(ActorRecord record, string node) => record.OnOneNodeOnly && record.Snapshot!.Node != node;
}
