using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Proxy.Activation;

/// <summary>Brings actors up.</summary>
internal interface IActivation
{
    /// <summary>Brings the actor up, at most for <paramref name="limit"/>.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="deadEpoch">Epoch whose endpoint refused a connection; -1 for none.</param>
    /// <param name="limit">Time until giving up.</param>
    /// <param name="cancellationToken">Ends the waiting; what a node has begun goes on.</param>
    Task<Activated> ActivateAsync(ActorKey key, long deadEpoch, TimeSpan limit, CancellationToken cancellationToken);
}

/// <summary>What became of bringing an actor up.</summary>
/// <param name="Result">What became of it.</param>
/// <param name="Template">What the actor is made of, when it runs and that is known; null otherwise.</param>
internal sealed record Activated(ActivationResult Result, TemplateSpec? Template);
