using Substrate.Proxy.Routes;
using Substrate.State.Activation;

namespace Substrate.Proxy.Activation;

/// <summary>How the holding of a request ended.</summary>
internal enum HoldOutcome
{
    /// <summary>The actor is up and the request has entered its route.</summary>
    Up,

    /// <summary>The actor did not come up; the result says why.</summary>
    NotUp,

    /// <summary>The request's time was up.</summary>
    TimeUp,

    /// <summary>Too many requests wait for this actor.</summary>
    ActorFull,

    /// <summary>Too many requests wait for actors of its atespace.</summary>
    AtespaceFull,

    /// <summary>Too many requests wait in total.</summary>
    ProxyFull,
}

/// <summary>How the holding of a request ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Route">The route that was entered and has to be left, when the actor is up; null otherwise.</param>
/// <param name="Result">What became of the activation; null when none ended in time.</param>
internal readonly record struct Held(HoldOutcome Outcome, Route? Route, ActivationResult? Result);
