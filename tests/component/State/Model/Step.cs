using CsCheck;
using Substrate.State.Actors;

namespace Substrate.State.ComponentTests.Model;

/// <summary>One step as generated: what to try, in terms relative to what the record is by then.</summary>
/// <param name="Verb">The transition, unless the step is rightful.</param>
/// <param name="Stale">0 for the current epoch, identity or snapshot, otherwise how far off it is.</param>
/// <param name="Node">Node that acts, unless the step is rightful and some node holds the actor.</param>
/// <param name="Other">Second node, where the transition names two.</param>
/// <param name="Token">Stands for whatever else the transition takes.</param>
/// <param name="Overdue">A deadline that has passed already rather than one far off.</param>
public sealed record Step(Verb Verb, int Stale, string Node, string Other, string Token, bool Overdue)
{
    /// <summary>Not zero when the step is one that leads on, by the holder: so that sequences get far.</summary>
    public int Rightful { get; init; }

    private static readonly Gen<string> Nodes = Gen.Int[1, 2].Select(static n => $"n{n}");

    private static readonly Gen<Step> Any = Gen.Select(
        Gen.Enum<Verb>(),
        Gen.Frequency((6, Gen.Const(0)), (2, Gen.Const(1)), (1, Gen.Const(-1))),
        Nodes,
        Nodes,
        Gen.Char["abc"].Select(static c => c.ToString()),
        Gen.Bool,
        static (verb, stale, node, other, token, overdue) => new Step(verb, stale, node, other, token, overdue));

    /// <summary>Random sequences of which two thirds of the steps lead on, and one third is tried by anyone at any time.</summary>
    public static readonly Gen<Step[]> Sequences =
        Gen.Select(Any, Gen.Frequency((1, Gen.Const(0)), (2, Gen.Int[1, 12])), static (step, rightful) => step with { Rightful = rightful })
            .Array[20, 120];

    /// <summary>The call this step is, given the record it meets.</summary>
    public Call Resolve(ActorModel model)
    {
        var now = model.Record;
        var stale = Rightful > 0 ? 0 : Stale;
        var verb = Rightful > 0 ? LeadingOn(now)[Rightful % LeadingOn(now).Length] : Verb;
        var epoch = (now?.Epoch ?? 1) - stale;
        return new Call(verb, epoch, Rightful > 0 && now is { Node: not "" } ? now.Node : Node, Other, Overdue)
        {
            Token = $"{verb}-{Token}",
            Uid = verb == Verb.Create || stale != 0 ? $"uid-{Token}" : now?.Uid ?? "",
            Snapshot = verb == Verb.Uploaded ? model.SnapshotBefore(stale) : $"{epoch}-{Token}",
        };
    }

    private static Verb[] LeadingOn(ActorRecord? now) => now?.State switch
    {
        null => [Verb.Create],
        ActorState.Suspended => [Verb.Claim, Verb.Claim, Verb.Claim, Verb.Claim, Verb.Delete],
        ActorState.Paused => [Verb.Claim, Verb.Claim, Verb.Claim, Verb.WantUpload, Verb.Uploaded],
        ActorState.Resuming => [Verb.Running, Verb.Running, Verb.Replace, Verb.Fail, Verb.FailOverdue, Verb.Uploaded],
        ActorState.Running => [Verb.BeginSuspend, Verb.BeginPause, Verb.BeginSuspend, Verb.BeginPause, Verb.Lost, Verb.Uploaded],
        _ => [Verb.Paused, Verb.Paused, Verb.Paused, Verb.Suspended, Verb.Abort, Verb.Wake, Verb.Lost, Verb.Uploaded],
    };
}
