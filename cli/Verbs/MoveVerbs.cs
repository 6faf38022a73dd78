using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Connection;

namespace Substrate.Cli.Verbs;

/// <summary><c>suspend</c>, <c>pause</c> and <c>resume</c> an actor.</summary>
internal static class MoveVerbs
{
    public static IEnumerable<Command> Create()
    {
        yield return Move(
            "suspend", "Move an actor to the snapshot store", "suspended", ["substrate suspend actor alice -a demo"],
            static async (api, actor, _, ct) => (await api.Control.SuspendActorAsync(new SuspendActorRequest { ActorRef = actor }, api.Call(ct))).Actor);
        yield return Move(
            "pause", "Move an actor to its node's disk, from where it wakes fastest", "paused", ["substrate pause actor alice -a demo"],
            static async (api, actor, _, ct) => (await api.Control.PauseActorAsync(new PauseActorRequest { ActorRef = actor }, api.Call(ct))).Actor);
        var boot = new Option<bool>("--boot") { Description = "Start a fresh process and use no snapshot: memory and files begin anew" };
        yield return Move(
            "resume", "Bring an actor up without waiting for a request", "running",
            ["substrate resume actor alice -a demo", "substrate resume actor alice -a demo --boot   # from scratch, without its memory"],
            async (api, actor, parsed, ct) =>
                (await api.Control.ResumeActorAsync(new ResumeActorRequest { ActorRef = actor, Boot = parsed.GetValue(boot) }, api.Call(ct))).Actor,
            boot);
    }

    private static Verb Move(
        string name,
        string description,
        string done,
        string[] examples,
        Func<ApiClient, ActorRef, ParseResult, CancellationToken, Task<Actor>> move,
        params Option[] options)
    {
        var (actor, atespace, format) = (Nouns.Name("actor"), Nouns.Atespace(required: true), Nouns.Format());
        var noun = new Verb("actor", description) { Arguments = { actor }, Options = { atespace, format }, Examples = examples };
        foreach (var option in options)
        {
            noun.Options.Add(option);
        }

        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var moved = await move(api, Nouns.Ref(parsed, actor, atespace), parsed, cancellationToken);
            Results.Show(parsed, moved, parsed.GetValue(format), $"actor {moved.Atespace}/{moved.ActorId} {done}");
        });
        var verb = new Verb(name, description) { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }
}
