using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.NodeAgent.Admission;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Lease;

/// <summary>Runs the node's pool of sandboxes, and when the node stops: takes nobody in, pauses everyone, removes everything.</summary>
internal sealed class Draining(
    IOptions<NodeOptions> options,
    NodeIdentity identity,
    Ledger ledger,
    LiveActors live,
    Suspending suspending,
    SandboxPool pool,
    TemplateStore templates,
    NodeSignal signal,
    ILogger<Draining> logger) : BackgroundService
{
    /// <summary>Templates that get sandboxes ahead of time at a start: those that changed last.</summary>
    private const int MostExpected = 4;

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
            async (actor, _) => await SuspendAsync(actor));
        await pool.CloseAsync();
    }

    // On to the store as well, since the machine may be gone next. An attempt of somebody else's that was called off is made again.
    private async Task SuspendAsync(LiveActor actor)
    {
        try
        {
            for (var attempt = 0; attempt < 3; attempt++)
            {
                var result = await suspending.SuspendAsync(actor.Key, actor.Epoch, pause: false, options.Value.Grace * 4, insist: true);
                if (result.Outcome is SuspensionOutcome.Done or SuspensionOutcome.Stale or SuspensionOutcome.NotStored)
                {
                    return;
                }

                Log.DrainFailed(logger, actor.Key.ToString(), result.Reason);
            }
        }
        catch (Exception e)
        {
            Log.DrainFailed(logger, actor.Key.ToString(), e.Message);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first activations after a start should not be the ones that wait for a sandbox to be created.
        foreach (var template in (await templates.ListAsync()).Where(static t => t.Phase == TemplatePhase.Ready).OrderByDescending(static t => t.UpdatedAt).Take(MostExpected))
        {
            pool.Expect(template);
        }

        await pool.RefillAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
