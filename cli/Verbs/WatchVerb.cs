using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>watch actors</c>, <c>watch nodes</c>: what is there, then every change, until interrupted.</summary>
internal static class WatchVerb
{
    public static Command Create()
    {
        var verb = new Verb("watch", "Show actors or nodes and every change of them, until interrupted")
        {
            Subcommands = { Actors(), Nodes() },
            Examples = ["substrate watch actors -a demo", "substrate watch nodes -o json"],
        };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    private static Verb Actors()
    {
        var (atespace, format) = (Nouns.Atespace(required: false), Nouns.Format());
        var resume = new Option<string>("--resume") { Description = "Go on after the bookmark with this token (-o json shows them)", HelpName = "TOKEN" };
        var verb = new Verb("actors", "Watch the actors of one atespace, or of all")
        {
            Options = { atespace, resume, format },
            Examples = ["substrate watch actors -a demo", "substrate watch actors -o json"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new WatchActorsRequest { Atespace = parsed.GetValue(atespace) ?? "", ResumeToken = parsed.GetValue(resume) ?? "" };
            using var api = ConnectionOptions.Connect(parsed);
            using var call = api.Admin.WatchActors(request, api.Stream(cancellationToken));
            await ShowAsync(parsed, parsed.GetValue(format), call.ResponseStream, Line, cancellationToken);
        });
        return verb;
    }

    private static Verb Nodes()
    {
        var format = Nouns.Format();
        var verb = new Verb("nodes", "Watch the nodes") { Options = { format }, Examples = ["substrate watch nodes"] };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            using var call = api.Admin.WatchNodes(new(), api.Stream(cancellationToken));
            await ShowAsync(parsed, parsed.GetValue(format), call.ResponseStream, Line, cancellationToken);
        });
        return verb;
    }

    private static async Task ShowAsync<T>(
        ParseResult parsed, OutputFormat format, Grpc.Core.IAsyncStreamReader<T> stream, Func<T, string> line, CancellationToken cancellationToken)
        where T : Google.Protobuf.IMessage
    {
        var screen = CommandTree.ScreenOf(parsed);
        while (await stream.MoveNext(cancellationToken))
        {
            var text = format == OutputFormat.Table ? line(stream.Current) : MessageText.Of(stream.Current, format);
            if (text.Length > 0)
            {
                screen.Say(text);
            }
        }
    }

    private static string Line(WatchActorsEvent change) => change.Type switch
    {
        WatchActorsEvent.Types.Type.Actor =>
            $"{change.Actor.Atespace}/{change.Actor.Name} {Tables.StateOf(change.Actor.State)}{(change.Actor.Node.Length > 0 ? " " + change.Actor.Node : "")}{Reason(change.Actor.Reason)}",
        WatchActorsEvent.Types.Type.Deleted => $"{change.Actor.Atespace}/{change.Actor.Name} deleted",
        _ => "",
    };

    private static string Line(WatchNodesEvent change) => change.Type switch
    {
        WatchNodesEvent.Types.Type.Node => $"{change.Node.Id} {change.Node.Active}/{change.Node.Slots} slots{(change.Node.Draining ? " draining" : "")}",
        WatchNodesEvent.Types.Type.Gone => $"{change.Node.Id} gone",
        _ => "",
    };

    private static string Reason(string reason) => reason.Length == 0 ? "" : $" ({reason})";
}
