using Microsoft.Extensions.Options;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Brings an actor back whose suspension a request came too late to call off. The node knows first that it is at rest, and has its
/// snapshot in memory, so it does not wait until whoever asked has heard of it. Losing the claim to them is fine.
/// </summary>
internal sealed class Rewaking(
    IOptions<NodeOptions> options, Activating activating, NodeIdentity identity, ActorStore actors, ILogger<Rewaking> logger)
{
    /// <summary>As long as everyone gives an activation until it may be failed.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan WaitForRoom = TimeSpan.FromSeconds(10);

    /// <summary>Begins it; whoever waits for the actor sees its record change.</summary>
    public void Wake(ActorRecord record)
    {
        if (!identity.Draining && !identity.Fenced)
        {
            _ = WakeAsync(record);
        }
    }

    private async Task WakeAsync(ActorRecord record)
    {
        try
        {
            var claim = await actors.ClaimAsync(record.Key, Guid.NewGuid().ToString("N"), options.Value.Id, Overdue);
            if (claim.Record is not { } claimed || !claim.Done)
            {
                return;
            }

            var answer = await activating.ActivateAsync(
                new ActivationOrder(claimed.Key, claimed.Epoch, claimed.Template, claimed.Snapshot?.Id ?? "", Boot: false, WaitForRoom));
            if (answer.Outcome == State.Activation.NodeOutcome.Refused)
            {
                // Whoever asked places it anew, where there is room.
                await actors.FailAsync(claimed.Key, claimed.Epoch, options.Value.Id, answer.Reason);
            }
        }
        catch (Exception e)
        {
            // The claim is overdue in time and whoever waits for the actor brings it up.
            Log.ActivationFailed(logger, record.Key.ToString(), record.Epoch, e.Message);
        }
    }
}
