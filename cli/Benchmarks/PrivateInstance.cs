using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Benchmarks;

/// <summary>An instance of everything for one benchmark, with a directory and ports of its own; nothing of it stays.</summary>
internal sealed class PrivateInstance : IAsyncDisposable
{
    private readonly Instance _instance;
    private readonly DataDirectory _data;

    private PrivateInstance(Instance instance, DataDirectory data, InstancePorts ports, string runsc, ApiClient api) =>
        (_instance, _data, Ports, Runsc, Api) = (instance, data, ports, runsc, api);

    public ApiClient Api { get; }

    public InstancePorts Ports { get; }

    public string Runsc { get; }

    public string Snapshots => Path.Combine(_data.Node, "snapshots");

    /// <summary>A directory for the benchmark's own files, removed with the instance.</summary>
    public string Work => _data.Path;

    /// <summary>Bundles of live and pre-created sandboxes.</summary>
    public string Bundles => $"/run/substrate/{_data.NodeId}/sandboxes";

    /// <summary>Starts it with the counter loaded.</summary>
    /// <exception cref="CommandFailure">Something it needs is missing, or it did not start.</exception>
    public static async Task<PrivateInstance> StartAsync(int slots, Screen screen, CancellationToken cancellationToken)
    {
        var machine = new ThisMachine();
        var preflight = new Preflight(machine);
        preflight.RequireRoot("bench");
        Preflight.EnterMountNamespace();
        preflight.RequireTools();
        var runsc = preflight.RequireRunsc(Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC"));
        var home = Home.Find() ?? throw new CommandFailure("demos/counter is not there", "Run it from a checkout, or name that with SUBSTRATE_HOME.");
        var ports = FreePorts(machine);
        var data = DataDirectory.Open(Directory.CreateTempSubdirectory("substrate-bench-").FullName);
        Instance? instance = null;
        ApiClient? api = null;
        try
        {
            instance = await Instance.StartAsync(new InstanceSettings(ports, ports.Store, slots, runsc, "Warning"), data, Tell, cancellationToken);
            api = new ApiClient(Endpoint.Parse(ports.AdminUrl, null, null, false, TimeSpan.FromSeconds(60)), TimeProvider.System);
            await CounterDemo.LoadAsync(home, api, Tell, cancellationToken);
            return new PrivateInstance(instance, data, ports, runsc, api);
        }
        catch
        {
            api?.Dispose();
            await (instance?.DisposeAsync() ?? ValueTask.CompletedTask);
            Remove(data);
            throw;
        }

        void Tell(string what) => screen.Note($"  {what}");
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await _instance.DisposeAsync();
        Remove(_data);
    }

    private static void Remove(DataDirectory data)
    {
        data.Dispose();
        Directory.Delete(data.Path, recursive: true);
    }

    // Below the ports that the kernel hands out to clients, any of which may be taken from one moment to the next.
    private static InstancePorts FreePorts(ThisMachine machine)
    {
        for (var port = 20_000; port < 32_000; port += 100)
        {
            var ports = new InstancePorts(port);
            if (machine.IsFree(ports.Store) && ports.Required.All(p => machine.IsFree(p.Port)))
            {
                return ports;
            }
        }

        throw new CommandFailure("there are no free ports on 127.0.0.1");
    }
}
