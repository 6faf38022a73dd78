using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>find actors</c>: by what they are and where.</summary>
internal static class FindVerb
{
    public static Command Create()
    {
        var (atespace, format) = (Nouns.Atespace(required: false), Nouns.Format());
        var template = new Option<string>("--template", "-t") { Description = "Actors of this template", HelpName = "NS/NAME" };
        var states = new Option<string[]>("--state") { Description = "Actors in this state; may be repeated", HelpName = "STATE" };
        states.CompletionSources.Add(static _ => [new("running"), new("suspended"), new("paused"), new("resuming"), new("suspending"), new("pausing")]);
        var node = new Option<string>("--node") { Description = "Actors of this node", HelpName = "NODE" };
        var labels = new Option<string[]>("--label", "-l") { Description = "Actors that bear this label; may be repeated", HelpName = "KEY=VALUE" };
        string[] examples = ["substrate find actors --state running", "substrate find actors -t demo/counter --node worker-1", "substrate find actors -l team=a -o json"];
        var noun = new Verb("actors", "Find actors by atespace, template, state, node and labels")
        {
            Options = { atespace, template, states, node, labels, format },
            Examples = examples,
        };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            var request = new FindActorsRequest
            {
                Atespace = parsed.GetValue(atespace) ?? "",
                States = { parsed.GetValue(states) ?? [] },
                Node = parsed.GetValue(node) ?? "",
                Labels = { Nouns.Labels(parsed.GetValue(labels) ?? [], "--label") },
            };
            if (parsed.GetValue(template) is { } text)
            {
                var key = Nouns.Template(text);
                (request.TemplateNamespace, request.TemplateName) = (key.Namespace, key.Name);
            }

            using var api = ConnectionOptions.Connect(parsed);
            var found = new FindActorsResponse();
            do
            {
                var page = await api.Admin.FindActorsAsync(request, api.Call(cancellationToken));
                found.Actors.AddRange(page.Actors);
                request.PageToken = page.NextPageToken;
            }
            while (request.PageToken.Length > 0);
            Results.Show(parsed, found, parsed.GetValue(format), found.Actors.Count, "No actor matches.", () => Table(found));
        });
        var verb = new Verb("find", "Find actors by atespace, template, state, node and labels") { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }

    private static Listing Table(FindActorsResponse found) => new Listing("ATESPACE", "NAME", "TEMPLATE", "STATE", "NODE", "LABELS").Rows(found.Actors.Select(static a => new[]
    {
        a.Atespace, a.Name, $"{a.TemplateNamespace}/{a.TemplateName}", Tables.StateOf(a.State), a.Node,
        string.Join(',', a.Labels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}={l.Value}")),
    }));
}
