using System.CommandLine;
using System.Globalization;
using Grpc.Core;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>status</c>: what runs where on this machine.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var data = DataOption.Create();
        var verb = new Verb("status", "Show what runs where on this machine")
        {
            Options = { data },
            Notes = "Exit code 0 when it runs and is ready, 1 while it starts, 3 when it does not run.",
            Examples = ["./substrate status"],
        };
        verb.SetAction(async (parsed, cancellationToken) =>
        {
            var (screen, directory) = (CommandTree.ScreenOf(parsed), DataOption.Of(parsed, data));
            if (!DataDirectory.IsHeld(directory) || InstanceFile.Read(directory) is not { } state)
            {
                screen.Say($"Nothing runs in {directory}. Start it with: ./substrate up{(directory == DataDirectory.Default ? "" : $" --data {directory}")}");
                return ExitCode.Unreachable;
            }

            return await ShowAsync(screen, directory, state, cancellationToken);
        });
        return verb;
    }

    private static async Task<int> ShowAsync(Screen screen, string directory, InstanceFile state, CancellationToken cancellationToken)
    {
        var ports = new InstancePorts(state.Port);
        var up = DurationText.Of(TimeProvider.System.GetUtcNow() - state.StartedAt);
        screen.Say(string.Create(CultureInfo.InvariantCulture, $"Substrate is {(state.Ready ? "up" : "starting")} (process {state.Pid}, since {up}, data in {directory})."));
        screen.Say("");
        var places = new Listing("PART", "ADDRESS", "STATE");
        var machine = new ThisMachine();
        foreach (var (part, port, address) in (IEnumerable<(string, int, string)>)
        [
            ("ingress", ports.Ingress, ports.IngressUrl), ("admin API", ports.Admin, ports.AdminUrl),
            ("metrics, health", ports.Ops, $"http://127.0.0.1:{ports.Ops}"), ("node agent", ports.Node, $"127.0.0.1:{ports.Node}"),
            ("store", state.StorePort, $"127.0.0.1:{state.StorePort}"),
        ])
        {
            places.Add(part, address, machine.IsFree(port) ? "down" : "listening");
        }

        places.WriteTo(screen);
        if (!state.Ready)
        {
            return ExitCode.Failed;
        }

        await CountAsync(screen, ports, cancellationToken);
        return ExitCode.Ok;
    }

    private static async Task CountAsync(Screen screen, InstancePorts ports, CancellationToken cancellationToken)
    {
        var endpoint = Endpoint.Parse(ports.AdminUrl, null, null, false, TimeSpan.FromSeconds(10));
        try
        {
            using var api = new ApiClient(endpoint, TimeProvider.System);
            var workers = (await api.Control.ListWorkersAsync(new ListWorkersRequest(), api.Call(cancellationToken))).Workers;
            var actors = (await api.ListAllActorsAsync("", cancellationToken)).Actors;
            var states = actors.CountBy(Tables.StateOf).OrderBy(static s => s.Key, StringComparer.Ordinal).Select(static s => $"{s.Value} {s.Key}");
            screen.Say("");
            screen.Say($"Workers: {workers.Count(static w => w.ActorId.Length > 0)} of {workers.Count} taken. Actors: {actors.Count}{(actors.Count == 0 ? "" : $" ({string.Join(", ", states)})")}.");
        }
        catch (RpcException failure)
        {
            throw Failures.Of(failure, endpoint);
        }
    }
}
