using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary><c>set atespace</c>, <c>set timer</c>.</summary>
internal static class SetVerb
{
    public static Command Create()
    {
        var verb = new Verb("set", "Set the quotas of an atespace, or a timer of an actor")
        {
            Subcommands = { SetAtespace.Create(), SetTimer.Create() },
            Examples = ["substrate set atespace team-a --max-actors 1000 --max-running 20", "substrate set timer morning --actor alice -a demo --cron '0 7 * * *'"],
        };
        ConnectionOptions.AddTo(verb);
        return verb;
    }
}
