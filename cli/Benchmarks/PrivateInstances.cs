using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Cli.Standalone;
using Substrate.Cli.Templates;
using Substrate.Perf.Installations;

namespace Substrate.Cli.Benchmarks;

/// <summary>Starts installations for benchmarks in this process.</summary>
internal sealed class PrivateInstances(Screen screen) : IInstallations
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <exception cref="CommandFailure">Something it needs is missing, or it did not start.</exception>
    public async Task<IInstallation> StartAsync(InstallationPlan plan, CancellationToken cancellationToken)
    {
        var machine = new ThisMachine();
        var preflight = new Preflight(machine);
        preflight.RequireRoot("bench");
        preflight.RequireTools();
        var runsc = preflight.RequireRunsc(Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC"));
        var home = Home.Require();
        var ports = FreePorts(machine);
        var data = DataDirectory.Open(Directory.CreateTempSubdirectory("substrate-bench-").FullName);
        Instance? instance = null;
        ApiClient? api = null;
        try
        {
            var settings = new InstanceSettings(ports, ports.Store, plan.Slots, runsc, "Warning") { Extra = plan.Settings };
            instance = await Instance.StartAsync(settings, data, Tell, cancellationToken);
            api = new ApiClient(Endpoint.Parse(ports.AdminUrl, null, null, false, TimeSpan.FromSeconds(60)), TimeProvider.System);
            await CounterDemo.LoadAsync(home, api, Tell, cancellationToken);
            foreach (var manifest in plan.Manifests)
            {
                await ApplyAsync(api, manifest, cancellationToken);
            }

            return new PrivateInstance(instance, data, ports, runsc, api);
        }
        catch
        {
            api?.Dispose();
            await (instance?.DisposeAsync() ?? ValueTask.CompletedTask);
            PrivateInstance.Remove(data);
            throw;
        }
    }

    private void Tell(string what) => screen.Note($"  {what}");

    private async Task ApplyAsync(ApiClient api, string manifest, CancellationToken cancellationToken)
    {
        var applied = await api.Admin.ApplyAsync(await Manifest.ReadAsync(manifest, cancellationToken), api.Call(cancellationToken));
        foreach (var one in applied.Templates)
        {
            await new Readiness(api, TimeProvider.System, Tell).WaitAsync(one.Template, Patience, cancellationToken);
        }
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
