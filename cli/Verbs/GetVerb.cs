using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary><c>get</c> of every kind of resource.</summary>
internal static class GetVerb
{
    public static Command Create()
    {
        var verb = new Verb("get", "Show actors, workers, templates, atespaces, nodes, pools, timers or domains")
        {
            Subcommands = { GetActors.Create(), GetWorkers.Create(), GetTemplates.Create(), GetAtespaces.Create(), GetNodes.Nodes(), GetNodes.Pools(), GetTimers.Create(), DomainVerbs.Get() },
            Examples =
            [
                "substrate get actors -a demo", "substrate get actors -A -o json", "substrate get actor alice -a demo -o yaml",
                "substrate get workers", "substrate get template demo/counter",
            ],
        };
        ConnectionOptions.AddTo(verb);
        return verb;
    }
}
