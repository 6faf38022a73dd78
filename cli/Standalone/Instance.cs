using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Substrate.Cli.Output;
using Substrate.NodeAgent;
using Substrate.Proxy;
using Substrate.Scheduler;
using Substrate.State.Telemetry;

namespace Substrate.Cli.Standalone;

/// <summary>Store, scheduler, node agent and proxy in this process.</summary>
internal sealed class Instance : IAsyncDisposable
{
    // Requests in flight get this long; the node then still has to suspend what runs.
    private static readonly TimeSpan ProxyLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SchedulerLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan NodeLimit = TimeSpan.FromSeconds(60);

    private readonly List<(string Name, TimeSpan Limit, WebApplication App)> _roles = [];
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> _tell;
    private EmbeddedStore? _store;
    private IDisposable? _telemetry;
    private bool _stopping;

    private Instance(Action<string> tell) => _tell = tell;

    /// <summary>Completes with the name of the role that stopped on its own.</summary>
    public Task<string> Ended => _ended.Task;

    /// <summary>The services of the proxy.</summary>
    public IServiceProvider Proxy => _roles.Single(static r => r.Name == "proxy").App.Services;

    /// <summary>Starts everything, or nothing: what was started before a failure is stopped again.</summary>
    /// <exception cref="CommandFailure">A part did not start.</exception>
    public static async Task<Instance> StartAsync(InstanceSettings settings, DataDirectory data, Action<string> tell, CancellationToken cancellationToken)
    {
        var instance = new Instance(tell);
        try
        {
            instance.StartStore(settings, data);
            var configuration = settings.For(data, instance._store!.ConnectionString);

            // One exporter for all roles: each role's own would send the spans of the others once more.
            instance._telemetry = TelemetryServices.Start(new ConfigurationBuilder().AddEnvironmentVariables("SUBSTRATE_").Build(), "substrate");

            // The node first: after a crash it keeps what lives on, before a scheduler finds its lease run out.
            await instance.StartRoleAsync("node agent", NodeLimit, () => NodeAgentHost.Create([], configuration), cancellationToken);
            await instance.StartRoleAsync("scheduler", SchedulerLimit, () => SchedulerHost.Create([], configuration), cancellationToken);
            await instance.StartRoleAsync("proxy", ProxyLimit, () => ProxyHost.Create([], configuration), cancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Stops in the order that loses nothing: no new requests, no new decisions, every running actor to disk, and the store last.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        for (var i = _roles.Count - 1; i >= 0; i--)
        {
            // The proxy was started last; the scheduler goes before the node, whose actors it would otherwise still move.
            await StopRoleAsync(_roles[StopOrder(i)]);
        }

        _roles.Clear();
        if (_store is not null)
        {
            await _store.DisposeAsync();
            _store = null;
        }

        _telemetry?.Dispose();
        _telemetry = null;
    }

    private int StopOrder(int i) => _roles.Count == 3 ? i switch { 2 => 2, 1 => 1, _ => 0 } : i;

    private void StartStore(InstanceSettings settings, DataDirectory data)
    {
        _tell($"starting the store on 127.0.0.1:{settings.StorePort}");
        try
        {
            _store = EmbeddedStore.Start(data.Store, settings.StorePort);
        }
        catch (InvalidOperationException failure)
        {
            throw new CommandFailure(failure.Message, null, ExitCode.Failed, failure);
        }
    }

    private async Task StartRoleAsync(string name, TimeSpan limit, Func<WebApplication> create, CancellationToken cancellationToken)
    {
        _tell($"starting the {name}");
        try
        {
            var app = create();
            _roles.Add((name, limit, app));
            await app.StartAsync(cancellationToken);
            app.Lifetime.ApplicationStopping.Register(() =>
            {
                if (!_stopping)
                {
                    _ended.TrySetResult(name);
                }
            });
        }
        catch (Exception failure) when (StartFailures.Explains(failure) is { } why)
        {
            throw new CommandFailure($"the {name} cannot start: {why}", null, ExitCode.Failed, failure);
        }
    }

    private async Task StopRoleAsync((string Name, TimeSpan Limit, WebApplication App) role)
    {
        _tell(role.Name == "node agent" ? "suspending running actors" : $"stopping the {role.Name}");
        using var limit = new CancellationTokenSource(role.Limit);
        try
        {
            await role.App.StopAsync(limit.Token);
        }
        catch (Exception failure)
        {
            // The others are stopped all the same; what this one left is found by the next start.
            _tell($"the {role.Name} did not stop in order: {failure.Message}");
        }

        await role.App.DisposeAsync();
    }
}
