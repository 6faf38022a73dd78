using System.CommandLine;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>up</c>: everything on this machine, in one process.</summary>
internal static class UpVerb
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var port = new Option<int>("--port")
        {
            Description = "Port of the ingress; metrics are one above it, the node agent 10, the store 379, the admin API 443",
            HelpName = "PORT",
            DefaultValueFactory = static _ => InstancePorts.Default,
        };
        var slots = Numbers.Option("--slots", "Actors that may run at once", 8, 1, 1000);
        var detach = new Option<bool>("--detach", "-d") { Description = "Go on in the background; return when everything is ready" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show the log of every part" };
        var bare = new Option<bool>("--no-demo") { Description = "Load neither atespace demo nor the counter's template" };
        var verb = new Verb("up", "Run proxy, scheduler, node agent and store in one process on this machine")
        {
            Options = { port, slots, data, detach, verbose, bare },
            Notes = """
                Everything listens on loopback. The directory keeps actors and their state between runs; it is held by one process at a time.
                Ctrl-C suspends running actors to disk and leaves nothing behind; a second Ctrl-C ends at once, and the next 'up' cleans up.
                Needs root, runsc (gVisor, found on the PATH or named by SUBSTRATE_RUNSC), iproute2 and nftables.
                """,
            Examples =
            [
                "./substrate up", "./substrate up --detach && ./substrate status   # in the background; its log is DIR/up.log",
                "./substrate up --port 9000 --data /tmp/second   # a second one beside the first",
            ],
        };
        verb.SetAction((parsed, cancellationToken) =>
        {
            var options = new UpOptions(
                InstancePorts.Of(parsed.GetValue(port)), DataOption.Of(parsed, data), parsed.GetValue(slots), parsed.GetValue(verbose), !parsed.GetValue(bare));
            var screen = CommandTree.ScreenOf(parsed);
            return parsed.GetValue(detach)
                ? new Background(options, screen, new ThisMachine(), TimeProvider.System).RunAsync(cancellationToken)
                : new Foreground(options, screen, new ThisMachine(), TimeProvider.System).RunAsync();
        });
        return verb;
    }
}
