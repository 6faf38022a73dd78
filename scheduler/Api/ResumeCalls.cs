using Substrate.State.Actors;
using Activator = Substrate.State.Activation.Activator;

namespace Substrate.Scheduler.Api;

/// <summary>Brings actors up on request of the API.</summary>
internal sealed class ResumeCalls(Activator activator)
{
    public async Task<ActorRecord> ResumeAsync(ActorKey key, bool boot, CallLimit.Budget budget, CancellationToken cancellationToken)
    {
        var result = await activator.ActivateAsync(key, deadEpoch: -1, boot, budget.Left, cancellationToken);
        return ApiErrors.Of(key, result) is { } error ? throw error : result.Record!;
    }
}
