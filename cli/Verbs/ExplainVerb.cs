using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>explain actor</c>: why it is not running, and where it would go.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var (name, atespace, format) = (Nouns.Name("actor"), Nouns.Atespace(required: true), Nouns.Format());
        string[] examples = ["substrate explain actor alice -a demo"];
        var noun = new Verb("actor", "Why an actor is not running, where it would go, and what would be evicted")
        {
            Arguments = { name },
            Options = { atespace, format },
            Examples = examples,
        };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var reference = Nouns.Ref(parsed, name, atespace);
            var request = new ExplainActorRequest { Atespace = reference.Atespace, Name = reference.Name };
            var answer = await api.Admin.ExplainActorAsync(request, api.Call(cancellationToken));
            Results.Show(parsed, answer, parsed.GetValue(format), Text(answer));
        });
        var verb = new Verb("explain", "Why an actor is not running, where it would go, and what would be evicted") { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    /// <summary>The answer in lines for people.</summary>
    public static string Text(ExplainActorResponse answer)
    {
        var lines = new List<string> { $"{Tables.StateOf(answer.State)}: {answer.Why}" };
        if (answer.Placement.Length > 0)
        {
            lines.Add(answer.Placement switch
            {
                "Room" => $"A request would start it on node {answer.Node}.",
                "MakeRoom" => $"A request would evict an idle actor of node {answer.Node} and start it there.",
                "Full" => $"A request would wait for room on node {answer.Node}: every slot is busy.",
                "HolderGone" => "A request would wait for the node that has its newest state.",
                _ => "No live node can run it.",
            });
        }

        lines.AddRange(answer.Evictions.Select(static e => $"  evicts {e.Atespace}/{e.Name}, idle for {DurationText.Of(TimeSpan.FromMilliseconds(e.IdleMs))}"));
        lines.AddRange(answer.Nodes.Select(static n => $"  node {n.Node}: {(n.Eligible ? n.Reason : "no, " + n.Reason)}"));
        return string.Join('\n', lines);
    }
}
