using Substrate.Proxy.Routes;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.Proxy.Activation;

/// <summary>One attempt to bring an actor up, shared by all requests that wait for it.</summary>
internal sealed class Flight(ActorKey actor, long startedAt)
{
    private readonly TaskCompletionSource<Landing> _landing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ActorEvent? _heard;

    public ActorKey Actor => actor;

    /// <summary>Timestamp at which the work began.</summary>
    public long StartedAt => startedAt;

    /// <summary>Newest epoch whose endpoint refused a connection to one of them; -1 for none. Guarded by the lock of <see cref="Flights"/>.</summary>
    public long DeadEpoch { get; set; } = -1;

    public Task<Landing> Landed => _landing.Task;

    public void Land(Landing landing) => _landing.TrySetResult(landing);

    /// <summary>Remembers the newest event of the actor while the work goes on.</summary>
    public void Hear(ActorEvent heard)
    {
        lock (_lock)
        {
            if (_heard is not { } last || heard.Version == 0 || heard.Version > last.Version)
            {
                _heard = heard;
            }
        }
    }

    /// <summary>True when an event heard meanwhile ends a route to the record.</summary>
    public bool HeardTheEndOf(ActorRecord record)
    {
        lock (_lock)
        {
            return _heard is { } heard && RouteRules.Ends(heard, record);
        }
    }
}

/// <summary>How a flight ended.</summary>
/// <param name="Result">What became of the activation.</param>
/// <param name="Route">The actor's route when it is up; null otherwise.</param>
internal sealed record Landing(ActivationResult Result, Route? Route);
