using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Lease;

/// <summary>Runs the node's pool of sandboxes, and when the node stops: takes nobody in, pauses everyone, removes everything.</summary>
internal sealed class Draining(
    IOptions<NodeOptions> options,
    NodeIdentity identity,
    Ledger ledger,
    LiveActors live,
    Suspending suspending,
    SandboxPool pool,
    NodeSignal signal,
    ILogger<Draining> logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        identity.Draining = true;
        signal.Changed();
        ledger.Close();
        await base.StopAsync(cancellationToken);

        var actors = live.All.ToArray();
        Log.Draining(logger, actors.Length);
        await Parallel.ForEachAsync(
            actors,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = CancellationToken.None },
            async (actor, _) =>
            {
                var result = await suspending.SuspendAsync(actor.Key, actor.Epoch, pause: true, options.Value.Grace, insist: true);
                if (result.Outcome is not SuspensionOutcome.Done and not SuspensionOutcome.Stale)
                {
                    Log.DrainFailed(logger, actor.Key.ToString(), result.Reason);
                }
            });
        await pool.CloseAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken) =>
        await pool.RefillAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
