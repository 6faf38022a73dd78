using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary><c>get atespaces</c>: the tenants.</summary>
internal static class GetAtespaces
{
    public static Command Create()
    {
        var (name, format) = (Nouns.OptionalName("atespace"), Nouns.Format());
        var verb = new Verb("atespace", "Show one atespace or list them")
        {
            Aliases = { "atespaces" },
            Arguments = { name },
            Options = { format },
            Examples = ["substrate get atespaces"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            if (parsed.GetValue(name) is { } one)
            {
                var found = (await api.Control.GetAtespaceAsync(new GetAtespaceRequest { Name = one }, api.Call(cancellationToken))).Atespace;
                Results.Show(parsed, found, parsed.GetValue(format), 1, "", () => Tables.Atespaces([found]));
                return;
            }

            var all = await api.Control.ListAtespacesAsync(new ListAtespacesRequest(), api.Call(cancellationToken));
            Results.Show(
                parsed, all, parsed.GetValue(format), all.Atespaces.Count, "There are no atespaces: create one with 'substrate create atespace NAME'.",
                () => Tables.Atespaces(all.Atespaces));
        });
        return verb;
    }
}
