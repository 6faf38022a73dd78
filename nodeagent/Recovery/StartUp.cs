using System.Text.Json;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Recovery;

/// <summary>
/// What happens before a node serves: proves that it is alone on its directories, settles the runtime's version, keeps the actors
/// that an earlier run of the agent left alive, and removes everything else that is left of it.
/// </summary>
internal sealed class StartUp(
    IOptions<NodeOptions> options,
    NodePaths paths,
    NodeIdentity identity,
    Runsc runsc,
    Survivors survivors,
    SandboxFactory factory,
    CgroupTree cgroups,
    NetworkPlan plan,
    HostPorts hostPorts,
    ICommandRunner commands,
    NodeMetrics metrics,
    ILogger<StartUp> logger) : IHostedService, IDisposable
{
    private FileStream? _lock;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var node = options.Value.Id;
        _lock = TakeLock();
        identity.Runtime = await runsc.VersionAsync(cancellationToken);
        identity.Follows = File.Exists(paths.Incarnation) ? await File.ReadAllTextAsync(paths.Incarnation, cancellationToken) : "";
        await File.WriteAllTextAsync(paths.Incarnation, identity.Incarnation, cancellationToken);

        // An actor has no resolver to ask; a file that names one which never answers would cost it seconds.
        await File.WriteAllTextAsync(paths.ResolvConf, "options timeout:1 attempts:1\n", cancellationToken);

        cgroups.Freeze(frozen: false);
        var kept = await KeepAsync(cancellationToken);
        var killed = await RemoveSandboxesAsync(cancellationToken);
        var networks = await SlotNetwork.SweepAsync(
            commands, SandboxFactory.NamespacePrefix(node), SandboxFactory.LinkPrefix(node), cancellationToken);
        await hostPorts.OpenAsync(cancellationToken);
        metrics.Removed("sandbox", killed);
        metrics.Removed("network", networks);
        if (kept + killed + networks > 0)
        {
            Log.Recovered(logger, kept, killed, networks);
        }

        await survivors.ReconcileAsync(cancellationToken);
        Log.Ready(logger, node, options.Value.Slots, identity.Runtime, $"{plan.HostAddress(0)} and on");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await hostPorts.CloseAsync(cancellationToken);
        cgroups.Remove(null);
        foreach (var directory in new[] { paths.Sandboxes, paths.Runtime, paths.Run })
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    public void Dispose() => _lock?.Dispose();

    private FileStream TakeLock()
    {
        try
        {
            return new FileStream(paths.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new InvalidOperationException($"Another node agent uses {paths.Data}. Stop it, or give this one a Node:DataDirectory of its own.");
        }
    }

    private async Task<int> KeepAsync(CancellationToken cancellationToken)
    {
        var kept = 0;
        foreach (var directory in Directory.GetDirectories(paths.Sandboxes))
        {
            var owner = Path.Combine(directory, "owner.json");
            if (File.Exists(owner)
                && JsonSerializer.Deserialize<SandboxOwner>(await File.ReadAllTextAsync(owner, cancellationToken)) is { Atespace.Length: > 0 } found
                && await survivors.KeepAsync(Path.GetFileName(directory), found, cancellationToken))
            {
                kept++;
            }
        }

        return kept;
    }

    private async Task<int> RemoveSandboxesAsync(CancellationToken cancellationToken)
    {
        string[] left =
        [
            .. Directory.GetDirectories(paths.Sandboxes).Select(static d => Path.GetFileName(d))
                .Concat(await runsc.ListAsync(cancellationToken))
                .Concat(cgroups.List())
                .Distinct(StringComparer.Ordinal),
        ];
        await Parallel.ForEachAsync(
            left,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (id, token) => await factory.RemoveAsync(id, token));
        return left.Length;
    }
}
