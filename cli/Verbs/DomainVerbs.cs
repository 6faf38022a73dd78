using System.CommandLine;
using Substrate.Admin.V1;
using Substrate.Cli.Output;
using Substrate.State.Actors;

namespace Substrate.Cli.Verbs;

/// <summary><c>create domain</c>, <c>get domains</c>, <c>delete domain</c>: names of their own for actors.</summary>
internal static class DomainVerbs
{
    public static Command Create()
    {
        var (name, format) = (Nouns.Name("domain"), Nouns.Format());
        var actor = new Option<string>("--actor") { Description = "Actor that it names", HelpName = "ATESPACE/ACTOR", Required = true };
        var verb = new Verb("domain", "Let a domain of yours name an actor; its DNS has to lead to the proxies")
        {
            Arguments = { name },
            Options = { actor, format },
            Examples = ["substrate create domain agent.example.com --actor demo/alice"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            if (!ActorKey.TryParse(parsed.GetRequiredValue(actor), out var key))
            {
                throw new CommandFailure(
                    $"--actor '{parsed.GetRequiredValue(actor)}' does not name an actor", "Write it as ATESPACE/ACTOR, for instance demo/alice.", ExitCode.Usage);
            }

            using var api = ConnectionOptions.Connect(parsed);
            var request = new CreateDomainRequest { Name = parsed.GetRequiredValue(name), Atespace = key.Atespace, Actor = key.Name };
            var created = await api.Admin.CreateDomainAsync(request, api.Call(cancellationToken));
            Results.Show(parsed, created, parsed.GetValue(format), $"domain {created.Name} names actor {created.Atespace}/{created.Actor}");
        });
        return verb;
    }

    public static Command Get()
    {
        var format = Nouns.Format();
        var verb = new Verb("domains", "List the domains that name actors") { Aliases = { "domain" }, Options = { format }, Examples = ["substrate get domains"] };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var all = new ListDomainsResponse();
            do
            {
                var page = await api.Admin.ListDomainsAsync(new ListDomainsRequest { PageToken = all.NextPageToken }, api.Call(cancellationToken));
                all.Domains.AddRange(page.Domains);
                all.NextPageToken = page.NextPageToken;
            }
            while (all.NextPageToken.Length > 0);
            Results.Show(
                parsed, all, parsed.GetValue(format), all.Domains.Count,
                "There are no domains: create one with 'substrate create domain NAME --actor ATESPACE/ACTOR'.", () => Tables.Domains(all.Domains));
        });
        return verb;
    }

    public static Command Delete()
    {
        var name = Nouns.Name("domain");
        var verb = new Verb("domain", "Let a domain name its actor no more") { Arguments = { name }, Examples = ["substrate delete domain agent.example.com"] };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            using var api = ConnectionOptions.Connect(parsed);
            var request = new DeleteDomainRequest { Name = parsed.GetRequiredValue(name) };
            await api.Admin.DeleteDomainAsync(request, api.Call(cancellationToken));
            CommandTree.ScreenOf(parsed).Say($"domain {request.Name} deleted");
        });
        return verb;
    }
}
