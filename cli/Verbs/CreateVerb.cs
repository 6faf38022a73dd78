using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>create actor</c>, <c>create atespace</c>, <c>create domain</c>.</summary>
internal static class CreateVerb
{
    public static Command Create()
    {
        var verb = new Verb("create", "Create an actor, an atespace or a domain")
        {
            Examples = ["substrate create atespace team-a", "substrate create actor alice -a team-a -t demo/counter"],
        };
        ConnectionOptions.AddTo(verb);
        verb.Subcommands.Add(Actor());
        verb.Subcommands.Add(Atespace());
        verb.Subcommands.Add(DomainVerbs.Create());
        return verb;
    }

    private static Verb Actor()
    {
        var (name, atespace, format) = (Nouns.Name("actor"), Nouns.Atespace(required: true), Nouns.Format());
        var template = new Option<string>("--template", "-t") { Description = "Template it is made of", HelpName = "NS/NAME", Required = true };
        var selector = new Option<string[]>("--selector", "-l")
        {
            Description = "Label that a worker must carry to run it; may be repeated",
            HelpName = "KEY=VALUE",
        };
        var verb = new Verb("actor", "Create an actor; it starts with its first request")
        {
            Arguments = { name },
            Options = { atespace, template, selector, format },
            Examples = ["substrate create actor alice -a demo -t demo/counter"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var key = Nouns.Template(parsed.GetRequiredValue(template));
            var request = new CreateActorRequest
            {
                ActorRef = Nouns.Ref(parsed, name, atespace),
                ActorTemplateNamespace = key.Namespace,
                ActorTemplateName = key.Name,
                WorkerSelector = SelectorOf(parsed.GetValue(selector) ?? []),
            };
            var created = await api.Control.CreateActorAsync(request, api.Call(cancellationToken));
            Results.Show(parsed, created.Actor, parsed.GetValue(format), $"actor {created.Actor.Atespace}/{created.Actor.ActorId} created");
        });
        return verb;
    }

    private static Verb Atespace()
    {
        var (name, format) = (Nouns.Name("atespace"), Nouns.Format());
        var verb = new Verb("atespace", "Create an atespace, the boundary between tenants")
        {
            Arguments = { name },
            Options = { format },
            Examples = ["substrate create atespace team-a"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var request = new CreateAtespaceRequest { Name = parsed.GetRequiredValue(name) };
            var created = await api.Control.CreateAtespaceAsync(request, api.Call(cancellationToken));
            Results.Show(parsed, created.Atespace, parsed.GetValue(format), $"atespace {created.Atespace.Name} created");
        });
        return verb;
    }

    private static Selector? SelectorOf(string[] labels)
    {
        if (labels.Length == 0)
        {
            return null;
        }

        var selector = new Selector();
        foreach (var label in labels)
        {
            var at = label.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                throw new CommandFailure($"--selector '{label}' is not a label", "Write it as KEY=VALUE.", ExitCode.Usage);
            }

            selector.MatchLabels[label[..at]] = label[(at + 1)..];
        }

        return selector;
    }
}
