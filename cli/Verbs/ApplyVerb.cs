using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Cli.Templates;

namespace Substrate.Cli.Verbs;

/// <summary><c>apply -f</c>: templates from a YAML file.</summary>
internal static class ApplyVerb
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var file = new Option<string>("--filename", "-f")
        {
            Description = "YAML file with one or more ActorTemplates; - for standard input",
            HelpName = "FILE",
            Required = true,
        };
        var wait = new Option<TimeSpan?>("--wait")
        {
            Description = "Wait until every template is Ready or Failed (default: 2m)",
            HelpName = "DURATION",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = static result => result.Tokens.Count == 0 ? DefaultWait : Durations.Parse(result),
        };
        var format = Nouns.Format();
        var verb = new Verb("apply", "Create or change templates from a YAML file")
        {
            Options = { file, wait, format },
            Notes = "Relative oci: paths in the file start from the directory that it is in (from the current one for standard input).",
            Examples =
            [
                "substrate apply -f demos/counter/counter.yaml", "substrate apply -f counter.yaml --wait",
                "substrate apply -f counter.yaml --wait=5m", "cat counter.yaml | substrate apply -f -",
            ],
        };
        ConnectionOptions.AddTo(verb);
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var manifest = await Manifest.ReadAsync(parsed.GetRequiredValue(file), cancellationToken);
            using var api = ConnectionOptions.Connect(parsed);
            var applied = await api.Admin.ApplyAsync(manifest, api.Call(cancellationToken));
            Show(parsed, applied, parsed.GetValue(format));
            // Present without a value counts as a wait of the default length.
            if (parsed.GetResult(wait) is { Implicit: false })
            {
                await WaitAsync(parsed, api, applied, parsed.GetValue(wait) ?? DefaultWait, cancellationToken);
            }
        });
        return verb;
    }

    private static void Show(ParseResult parsed, ApplyResponse applied, OutputFormat format)
    {
        var screen = CommandTree.ScreenOf(parsed);
        if (format != OutputFormat.Table)
        {
            screen.Say(MessageText.Of(applied, format));
            return;
        }

        foreach (var one in applied.Templates)
        {
            screen.Say($"actortemplate.ate.dev/{one.Template.Namespace}/{one.Template.Name} {one.Result}");
        }
    }

    private static async Task WaitAsync(ParseResult parsed, ApiClient api, ApplyResponse applied, TimeSpan wait, CancellationToken cancellationToken)
    {
        var screen = CommandTree.ScreenOf(parsed);
        var readiness = new Readiness(api, TimeProvider.System, screen.Note);
        foreach (var one in applied.Templates)
        {
            await readiness.WaitAsync(one.Template, wait, cancellationToken);
        }
    }
}
