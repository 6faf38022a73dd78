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
    TimeProvider time,
    ILogger<Draining> logger) : BackgroundService
{
    /// <summary>Templates that get sandboxes ahead of time at a start: those that changed last.</summary>
    private const int MostExpected = 4;

    private const int Attempts = 3;

    /// <summary>Takes nobody in any more and brings every live actor to rest on disk, then to the store, until cancelled.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        identity.Draining = true;
        signal.Changed();
        ledger.Close();

        var actors = live.All.ToArray();
        Log.Draining(logger, actors.Length);
        var work = Parallel.ForEachAsync(
            actors,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken },
            async (actor, _) => await SuspendAsync(actor, cancellationToken));
        await work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var grace = new CancellationTokenSource(options.Value.DrainGrace, time);
        await DrainAsync(grace.Token);
        if (live.All.Count > 0)
        {
            // They live on as they are, fenced by the watchdog and adopted by the next start.
            Log.DrainUnfinished(logger, live.All.Count, options.Value.DrainGrace.TotalSeconds);
            return;
        }

        await pool.CloseAsync();
    }

    // On to the store as well, since the machine may be gone next. An attempt of somebody else's that was called off is made again.
    private async Task SuspendAsync(LiveActor actor, CancellationToken cancellationToken)
    {
        try
        {
            for (var attempt = 0; attempt < Attempts && !cancellationToken.IsCancellationRequested; attempt++)
            {
                var result = await suspending.SuspendAsync(actor.Key, actor.Epoch, pause: false, options.Value.Grace * 4, SuspensionCause.Drain);
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
