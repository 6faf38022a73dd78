using StackExchange.Redis;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Proxy.Activation;

/// <summary>Brings actors up by way of the store, and waits out a store that is away.</summary>
internal sealed class StoreActivation(
    State.Activation.Activator activator, TemplateCache templates, TimeProvider time, ILogger<StoreActivation> logger) : IActivation
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public async Task<Activated> ActivateAsync(ActorKey key, long deadEpoch, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var left = limit - time.GetElapsedTime(start);
            try
            {
                var result = await activator.ActivateAsync(key, deadEpoch, boot: false, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
                return new(result, result.Outcome == ActivationOutcome.Running ? (await templates.GetAsync(result.Record!.Template))?.Spec : null);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // Safe to begin again: every transition finds its own effect or is fenced.
                Log.StoreAway(logger, key, e.Message);
                if (limit - time.GetElapsedTime(start) <= Pause)
                {
                    return new(new(ActivationOutcome.TimedOut, null, "the store that knows where actors are cannot be reached"), null);
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
