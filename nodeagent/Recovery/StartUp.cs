using System.Text.Json;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Recovery;

/// <summary>
/// What happens before a node serves: proves that it is alone on its directories, settles the runtime's version, keeps the actors
/// that an earlier run of the agent left alive, and removes everything else that is left of it.
/// </summary>
internal sealed class StartUp(
    IOptions<NodeOptions> options,
    NodePaths paths,
    NodeIdentity identity,
    ISandboxRuntime runtime,
    Survivors survivors,
    InterruptedCheckpoints checkpoints,
    SandboxFactory factory,
    ICgroups cgroups,
    ISlotNetworks networks,
    NodeRegistry nodes,
    NodeMetrics metrics,
    ILogger<StartUp> logger) : IHostedService, IDisposable
{
    /// <summary>Recovery may take long; nobody may declare its actors lost meanwhile.</summary>
    private static readonly TimeSpan RecoveryLease = TimeSpan.FromMinutes(5);

    private readonly List<FileStream> _locks = [];
    private bool _started;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var node = options.Value.Id;
        TakeLock(paths.Lock, $"Another node agent uses {paths.Data}. Stop it, or give this one a Node:DataDirectory of its own.");
        TakeLock(paths.RunLock, $"Another node agent named '{node}' runs on this machine. Stop it, or give this one a Node:Id of its own.");
        identity.Runtime = await runtime.VersionAsync(cancellationToken);
        identity.Follows = File.Exists(paths.Incarnation) ? await File.ReadAllTextAsync(paths.Incarnation, cancellationToken) : "";

        // The name must be this agent's before it touches anything that bears it.
        var joined = await nodes.RenewAsync(Joining(), RecoveryLease, identity.Follows);
        if (joined.Outcome == RenewalOutcome.Lapsed)
        {
            // Nothing of the earlier run is adopted as it is: what still stands is checkpointed, which the records judge one by one.
            joined = await nodes.RenewAsync(Joining(), RecoveryLease, identity.Follows, ended: true);
        }

        if (!joined.Done)
        {
            throw new InvalidOperationException(
                $"Node:Id '{node}' is held by another live node agent. Give this one a name of its own, or wait until the other's lease runs out ({options.Value.Lease.TotalSeconds:0} s).");
        }

        await File.WriteAllTextAsync(paths.Incarnation, identity.Incarnation, cancellationToken);

        // An actor has no resolver to ask; a file that names one which never answers would cost it seconds.
        await File.WriteAllTextAsync(paths.ResolvConf, "options timeout:1 attempts:1\n", cancellationToken);

        // Whatever an earlier run left alive is cut off before it may run again: its epochs may have ended meanwhile.
        var swept = await networks.SweepAsync(cancellationToken);
        cgroups.ThawAll();
        var (finished, given) = await checkpoints.SettleAsync(cancellationToken);
        var kept = finished + await KeepAsync(cancellationToken);
        var killed = await RemoveSandboxesAsync(cancellationToken);
        await networks.OpenPortsAsync(cancellationToken);
        metrics.Removed("sandbox", killed);
        metrics.Removed("network", swept);
        metrics.Removed("checkpoint", given);
        if (kept + killed + swept > 0)
        {
            Log.Recovered(logger, kept, killed, swept);
        }

        await survivors.ReconcileAsync(cancellationToken);
        _started = true;
        Log.Ready(logger, node, options.Value.Slots, identity.Runtime, $"{networks.First} and on");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_started || Directory.EnumerateDirectories(paths.Sandboxes).Any())
        {
            // What still runs is found and kept by the next start; without the runtime's own records it could not be.
            return;
        }

        await networks.ClosePortsAsync(cancellationToken);
        cgroups.Remove(null);
        foreach (var directory in new[] { paths.Sandboxes, paths.Runtime, paths.Run })
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }

        // Still locked while it goes, so that nobody takes it for a live agent's.
        File.Delete(paths.RunLock);
        paths.RemoveEmptyParent();
    }

    public void Dispose() => _locks.ForEach(static l => l.Dispose());

    private void TakeLock(string path, string refusal)
    {
        try
        {
            _locks.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            throw new InvalidOperationException(refusal);
        }
    }

    // Known and alive, but nothing is to be placed here yet.
    private NodeStatus Joining() => new()
    {
        Id = options.Value.Id,
        Incarnation = identity.Incarnation,
        Address = options.Value.EffectiveAddress,
        Runtime = identity.Runtime,
        Draining = true,
    };

    private async Task<int> KeepAsync(CancellationToken cancellationToken)
    {
        var kept = 0;
        foreach (var directory in Directory.GetDirectories(paths.Sandboxes))
        {
            if (OwnerOf(directory) is { Atespace.Length: > 0 } owner && await survivors.KeepAsync(Path.GetFileName(directory), owner, cancellationToken))
            {
                kept++;
            }
        }

        return kept;
    }

    private static SandboxOwner? OwnerOf(string directory)
    {
        try
        {
            return JsonSerializer.Deserialize<SandboxOwner>(File.ReadAllText(Path.Combine(directory, "owner.json")));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            // Never taken by an actor.
            return null;
        }
    }

    private async Task<int> RemoveSandboxesAsync(CancellationToken cancellationToken)
    {
        string[] left =
        [
            .. Directory.GetDirectories(paths.Sandboxes).Select(static d => Path.GetFileName(d))
                .Concat(await runtime.ListAsync(cancellationToken))
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
