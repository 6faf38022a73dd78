using System.CommandLine;
using Substrate.Admin.V1;

namespace Substrate.Cli.Verbs;

/// <summary><c>label actor</c>: labels by which actors are found.</summary>
internal static class LabelVerb
{
    public static Command Create()
    {
        var (name, atespace, format) = (Nouns.Name("actor"), Nouns.Atespace(required: true), Nouns.Format());
        var labels = new Argument<string[]>("LABEL") { Description = "Labels as KEY=VALUE; none removes all", Arity = ArgumentArity.ZeroOrMore };
        string[] examples = ["substrate label actor alice -a demo team=a tier=gold", "substrate label actor alice -a demo   # removes all"];
        var noun = new Verb("actor", "Replace the labels by which an actor is found") { Arguments = { name, labels }, Options = { atespace, format }, Examples = examples };
        noun.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var reference = Nouns.Ref(parsed, name, atespace);
            var request = new LabelActorRequest { Atespace = reference.Atespace, Name = reference.Name, Labels = { Nouns.Labels(parsed.GetValue(labels) ?? [], "LABEL") } };
            var answer = await api.Admin.LabelActorAsync(request, api.Call(cancellationToken));
            Results.Show(parsed, answer.Actor, parsed.GetValue(format), $"actor {reference.Atespace}/{reference.Name} labeled");
        });
        var verb = new Verb("label", "Replace the labels by which an actor is found") { Subcommands = { noun }, Examples = examples };
        ConnectionOptions.AddTo(verb);
        return verb;
    }
}
