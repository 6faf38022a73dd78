using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get templates</c>: what actors are made of.</summary>
internal static class GetTemplates
{
    public static Command Create()
    {
        var format = Nouns.Format();
        var name = new Argument<string?>("NS/NAME") { Description = "Namespace and name; all of them without it", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Verb("template", "Show one template or list them")
        {
            Aliases = { "templates", "actortemplate", "actortemplates" },
            Arguments = { name },
            Options = { format },
            Examples = ["substrate get templates", "substrate get template demo/counter -o yaml"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var key = parsed.GetValue(name) is { } text ? Nouns.Template(text) : default;
            using var api = ConnectionOptions.Connect(parsed);
            if (key == default)
            {
                var all = await api.Admin.ListTemplatesAsync(new ListTemplatesRequest(), api.Call(cancellationToken));
                Results.Show(
                    parsed, all, parsed.GetValue(format), all.Templates.Count, "There are no templates: apply one with 'substrate apply -f FILE'.",
                    () => Tables.Templates(all.Templates, TimeProvider.System.GetUtcNow()));
                return;
            }

            var request = new GetTemplateRequest { Namespace = key.Namespace, Name = key.Name };
            var found = (await api.Admin.GetTemplateAsync(request, api.Call(cancellationToken))).Template;
            Results.Show(parsed, found, parsed.GetValue(format), 1, "", () => Tables.Templates([found], TimeProvider.System.GetUtcNow()));
        });
        return verb;
    }
}
