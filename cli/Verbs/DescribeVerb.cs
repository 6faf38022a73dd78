using System.CommandLine;
using System.Globalization;
using Substrate.Admin.V1;
using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>describe actor</c>: everything that is known about one.</summary>
internal static class DescribeVerb
{
    public static Command Create()
    {
        var (name, atespace) = (Nouns.Name("actor"), Nouns.Atespace(required: true));
        string[] examples = ["substrate describe actor alice -a demo"];
        var noun = new Verb("actor", "Show everything that is known about an actor")
        {
            Arguments = { name },
            Options = { atespace },
            Examples = examples,
        };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var reference = Nouns.Ref(parsed, name, atespace);
            var actor = (await api.Control.GetActorAsync(new GetActorRequest { ActorRef = reference }, api.Call(cancellationToken))).Actor;
            var request = new DescribeActorRequest { Atespace = reference.Atespace, Name = reference.Name };
            var more = await api.Admin.DescribeActorAsync(request, api.Call(cancellationToken));
            Write(CommandTree.ScreenOf(parsed), actor, more, TimeProvider.System.GetUtcNow());
        });
        var verb = new Verb("describe", "Show everything that is known about an actor or an atespace") { Subcommands = { noun, DescribeAtespace.Create() }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    /// <summary>One aligned line per fact; facts that are not there are left out.</summary>
    public static void Write(Screen screen, Actor actor, DescribeActorResponse more, DateTimeOffset now)
    {
        Line("Name", actor.ActorId);
        Line("Atespace", actor.Atespace);
        Line("State", Tables.StateOf(actor));
        Line("Template", $"{actor.ActorTemplateNamespace}/{actor.ActorTemplateName}");
        Line("Epoch", more.Epoch.ToString(CultureInfo.InvariantCulture));
        Line("Version", actor.Version.ToString(CultureInfo.InvariantCulture));
        Line("Node", more.Node);
        Line("Endpoint", more.Endpoint);
        Line("Snapshot", more.Snapshot.Length == 0 ? "" : $"{more.Snapshot} ({ByteText.Of(more.SnapshotBytes)}, {WhereIs(more)})");
        Line("Selector", string.Join(",", actor.WorkerSelector?.MatchLabels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}={l.Value}") ?? []));
        Line("Created", Moment(more.CreatedAt, now));
        Line("Updated", Moment(more.UpdatedAt, now));
        Line("Reason", more.Reason);

        void Line(string label, string value)
        {
            if (value.Length > 0)
            {
                screen.Say($"{label + ":",-10} {value}");
            }
        }
    }

    private static string WhereIs(DescribeActorResponse more) => more.OnOneNodeOnly ? "on one node's disk only" : "stored";

    private static string Moment(string at, DateTimeOffset now) => at.Length == 0 ? "" : $"{at} ({Tables.AgeOf(at, now)} ago)";
}
