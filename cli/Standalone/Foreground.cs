using System.Net;
using System.Net.Sockets;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>Runs an instance until it is asked to stop.</summary>
internal sealed class Foreground(UpOptions options, Screen screen, IMachine machine, TimeProvider time)
{
    /// <summary>Returns once everything is stopped, with the exit code.</summary>
    public async Task<int> RunAsync()
    {
        // 1. What must be there before anything is touched.
        var preflight = new Preflight(machine);
        preflight.RequireRoot("up");
        Preflight.EnterMountNamespace();
        var runsc = preflight.RequireAll(options);
        using var data = DataDirectory.Open(options.Data);

        // 2. Everything, or nothing.
        using var interrupts = new Interrupts(() => screen.Note("stopping; once more ends at once, and the next 'up' cleans up"));
        var storePort = machine.IsFree(options.Ports.Store) ? options.Ports.Store : FreePort();
        var settings = new InstanceSettings(options.Ports, storePort, options.Slots, runsc, options.Verbose ? "Information" : "Warning");
        var state = new InstanceFile(Environment.ProcessId, options.Ports.Ingress, storePort, Ready: false, time.GetUtcNow());
        state.Write(data.Path);
        try
        {
            await using var instance = await Instance.StartAsync(settings, data, Tell, interrupts.Token);
            return await ServeAsync(instance, state, data, interrupts.Token);
        }
        catch (OperationCanceledException) when (interrupts.Token.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }
        finally
        {
            InstanceFile.Remove(data.Path);
        }
    }

    private async Task<int> ServeAsync(Instance instance, InstanceFile state, DataDirectory data, CancellationToken stop)
    {
        // 3. The demo, through the same API that everybody uses.
        var home = options.WithDemo ? Home.Find() : null;
        if (home is not null)
        {
            using var api = new ApiClient(Endpoint.Parse(options.Ports.AdminUrl, null, null, false, TimeSpan.FromSeconds(60)), time);
            await CounterDemo.LoadAsync(home, api, Tell, stop);
        }

        (state with { Ready = true }).Write(data.Path);
        screen.Say(Banner.Of(options.Ports, data.Path, home is not null, detached: false));
        await screen.Output.FlushAsync(CancellationToken.None);

        // 4. Until somebody asks, or a part gives up.
        var asked = Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        if (await Task.WhenAny(asked, instance.Ended) == asked)
        {
            return ExitCode.Ok;
        }

        throw new CommandFailure(
            $"the {await instance.Ended} stopped on its own; everything else was stopped too", "Its log is above; with --verbose there is more of it.");
    }

    private void Tell(string what) => screen.Note($"  {what}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
