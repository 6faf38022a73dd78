using System.CommandLine;
using Substrate.AteApi;

namespace Substrate.Cli.Verbs;

/// <summary><c>delete actor</c>, <c>delete atespace</c>, <c>delete domain</c>.</summary>
internal static class DeleteVerb
{
    public static Command Create()
    {
        var verb = new Verb("delete", "Delete an actor that is suspended or paused, an empty atespace, or a domain")
        {
            Subcommands = { Actor(), Atespace(), Template(), Timer(), DomainVerbs.Delete() },
            Examples = ["substrate delete actor alice -a demo", "substrate delete atespace team-a"],
        };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    private static Verb Actor()
    {
        var (name, atespace) = (Nouns.Name("actor"), Nouns.Atespace(required: true));
        var verb = new Verb("actor", "Delete an actor with its memory and files")
        {
            Arguments = { name },
            Options = { atespace },
            Examples = ["substrate suspend actor alice -a demo && substrate delete actor alice -a demo"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var actor = Nouns.Ref(parsed, name, atespace);
            await api.Control.DeleteActorAsync(new DeleteActorRequest { ActorRef = actor }, api.Call(cancellationToken));
            CommandTree.ScreenOf(parsed).Say($"actor {actor.Atespace}/{actor.Name} deleted");
        });
        return verb;
    }

    private static Verb Template()
    {
        var name = new Argument<string>("NS/NAME") { Description = "The template" };
        var verb = new Verb("template", "Delete a template that has no actors") { Arguments = { name }, Examples = ["substrate delete template demo/counter"] };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var key = Nouns.Template(parsed.GetRequiredValue(name));
            using var api = ConnectionOptions.Connect(parsed);
            await api.Admin.DeleteTemplateAsync(new() { Namespace = key.Namespace, Name = key.Name }, api.Call(cancellationToken));
            CommandTree.ScreenOf(parsed).Say($"template {key} deleted");
        });
        return verb;
    }

    private static Verb Timer()
    {
        var (name, atespace, actor) = (Nouns.Name("timer"), Nouns.Atespace(required: true), SetTimer.Actor(required: true));
        var verb = new Verb("timer", "Delete a timer of an actor")
        {
            Arguments = { name },
            Options = { atespace, actor },
            Examples = ["substrate delete timer morning --actor alice -a demo"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var request = new Admin.V1.DeleteTimerRequest { Atespace = parsed.GetRequiredValue(atespace), Actor = parsed.GetRequiredValue(actor), Name = parsed.GetRequiredValue(name) };
            await api.Admin.DeleteTimerAsync(request, api.Call(cancellationToken));
            CommandTree.ScreenOf(parsed).Say($"timer {request.Name} of actor {request.Atespace}/{request.Actor} deleted");
        });
        return verb;
    }

    private static Verb Atespace()
    {
        var name = Nouns.Name("atespace");
        var verb = new Verb("atespace", "Delete an atespace that has no actors")
        {
            Arguments = { name },
            Examples = ["substrate delete atespace team-a"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var request = new DeleteAtespaceRequest { Name = parsed.GetRequiredValue(name) };
            await api.Control.DeleteAtespaceAsync(request, api.Call(cancellationToken));
            CommandTree.ScreenOf(parsed).Say($"atespace {request.Name} deleted");
        });
        return verb;
    }
}
