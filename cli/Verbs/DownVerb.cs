using System.CommandLine;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>down</c>: ends what <c>up</c> started.</summary>
internal static class DownVerb
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var verb = new Verb("down", "Stop what 'up' started; running actors are suspended to disk first")
        {
            Options = { data },
            Examples = ["./substrate down", "./substrate down --data /tmp/second"],
        };
        verb.SetAction((parsed, cancellationToken) =>
            new Shutdown(CommandTree.ScreenOf(parsed), TimeProvider.System).RunAsync(DataOption.Of(parsed, data), cancellationToken));
        return verb;
    }
}
