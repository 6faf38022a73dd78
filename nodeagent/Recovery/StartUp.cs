using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Faults;
using Substrate.NodeAgent.Networks;
using Substrate.NodeAgent.Runtime;
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
    Adoption adoption,
    Leftovers leftovers,
    ICgroups cgroups,
    ISlotNetworks networks,
    NodeRegistry nodes,
    FaultPoints faults,
    NodeMetrics metrics,
    TimeProvider time,
    ILogger<StartUp> logger) : IHostedService, IDisposable
{
    /// <summary>Recovery may take long; nobody may declare its actors lost meanwhile.</summary>
    private static readonly TimeSpan RecoveryLease = TimeSpan.FromMinutes(5);

    private const int LockAttempts = 5;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    private readonly List<FileStream> _locks = [];
    private bool _started;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var node = options.Value.Id;
        await TakeLockAsync(paths.Lock, $"Another node agent uses {paths.Data}. Stop it, or give this one a Node:DataDirectory of its own.");
        await TakeLockAsync(paths.RunLock, $"Another node agent named '{node}' runs on this machine. Stop it, or give this one a Node:Id of its own.");
        identity.Runtime = await runtime.VersionAsync(cancellationToken);
        identity.Follows = File.Exists(paths.Incarnation) ? await File.ReadAllTextAsync(paths.Incarnation, cancellationToken) : "";

        // The name must be this agent's before it touches anything that bears it.
        var lapsed = false;
        var joined = await nodes.RenewAsync(Joining(), RecoveryLease, identity.Follows);
        if (joined.Outcome == RenewalOutcome.Lapsed)
        {
            // Nothing of the earlier run is taken over as it is: what still stands is checkpointed, which the records judge one by one.
            lapsed = true;
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

        // 1. Checkpoints under way come to their end, and actors that can go on as they are do. Those go on serving all the time.
        faults.Reach(FaultPoint.Joined);
        var (finished, given) = await checkpoints.SettleAsync(cancellationToken);
        var adopted = lapsed ? [] : await adoption.AdoptAsync(cancellationToken);
        var ids = adopted.Select(static s => s.Id).ToHashSet(StringComparer.Ordinal);
        faults.Reach(FaultPoint.Adopted);

        // 2. Whatever else lives is cut off before it may run again: its epoch may have ended meanwhile.
        var swept = await networks.SweepAsync(adopted.Select(static s => s.Berth.Index).ToHashSet(), cancellationToken);
        cgroups.ThawAll();
        var kept = finished + await leftovers.KeepAsync(ids, cancellationToken);
        var killed = await leftovers.RemoveAsync(ids, cancellationToken);
        await networks.OpenPortsAsync(cancellationToken);
        foreach (var sandbox in adopted)
        {
            foreach (var mapped in sandbox.Ports)
            {
                await networks.MapAsync(mapped, sandbox.Berth.Network.Address, cancellationToken);
            }
        }

        metrics.Adopted(adopted.Count);
        metrics.Removed("sandbox", killed);
        metrics.Removed("network", swept);
        metrics.Removed("checkpoint", given);
        if (adopted.Count + kept + killed + swept > 0)
        {
            Log.Recovered(logger, adopted.Count, kept, killed, swept);
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

    // Asked for more than once: the watchdog of an agent that died holds it for the moment in which it freezes that one's actors.
    private async Task TakeLockAsync(string path, string refusal)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _locks.Add(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
                return;
            }
            catch (IOException) when (attempt < LockAttempts)
            {
                await Task.Delay(LockPause, time);
            }
            catch (IOException)
            {
                throw new InvalidOperationException(refusal);
            }
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
}
