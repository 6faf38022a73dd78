using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get actors</c>: one atespace's, everyone's, or one by name.</summary>
internal static class GetActors
{
    public static Command Create()
    {
        var (name, atespace, format) = (Nouns.OptionalName("actor"), Nouns.Atespace(required: false), Nouns.Format());
        var all = new Option<bool>("--all-atespaces", "-A") { Description = "Actors of every atespace" };
        var verb = new Verb("actor", "Show one actor or list them")
        {
            Aliases = { "actors" },
            Arguments = { name },
            Options = { atespace, all, format },
            Examples = ["substrate get actors -a demo", "substrate get actors -A", "substrate get actor alice -a demo -o json"],
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var (one, within, everywhere) = (parsed.GetValue(name), parsed.GetValue(atespace) ?? "", parsed.GetValue(all));
            return (one, within, everywhere) switch
            {
                (_, "", false) => throw new CommandFailure("no atespace given", "Name one with -a ATESPACE, or see all of them with -A.", ExitCode.Usage),
                (not null, "", true) => throw new CommandFailure("an actor is named within an atespace", "Name it with -a ATESPACE.", ExitCode.Usage),
                (not null, _, true) or (_, not "", true) => throw new CommandFailure("-a and -A exclude each other", null, ExitCode.Usage),
                (not null, _, _) => ShowOneAsync(parsed, new ActorRef { Name = one, Atespace = within }, parsed.GetValue(format), cancellationToken),
                _ => ShowAllAsync(parsed, within, parsed.GetValue(format), cancellationToken),
            };
        });
        return verb;
    }

    private static async Task ShowOneAsync(ParseResult parsed, ActorRef actor, OutputFormat format, CancellationToken cancellationToken)
    {
        using var api = ConnectionOptions.Connect(parsed);
        var found = (await api.Control.GetActorAsync(new GetActorRequest { ActorRef = actor }, api.Call(cancellationToken))).Actor;
        Results.Show(parsed, found, format, 1, "", () => Tables.Actors([found], withAtespace: false));
    }

    private static async Task ShowAllAsync(ParseResult parsed, string atespace, OutputFormat format, CancellationToken cancellationToken)
    {
        using var api = ConnectionOptions.Connect(parsed);
        var found = await api.ListAllActorsAsync(atespace, cancellationToken);
        var nothing = atespace.Length == 0 ? "There are no actors." : $"There are no actors in atespace {atespace}.";
        Results.Show(parsed, found, format, found.Actors.Count, nothing, () => Tables.Actors(found.Actors, withAtespace: atespace.Length == 0));
    }
}
