using Substrate.Proxy.Activation;
using Substrate.State.Storage;

namespace Substrate.Proxy.Routes;

/// <summary>Brings what is heard of actors to the routes, those in use and those about to be published.</summary>
internal sealed class RouteEvents(ActorEvents events, RouteTable routes, Flights flights) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        events.Changed += Hear;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        events.Changed -= Hear;
        return Task.CompletedTask;
    }

    // Flights first: a route published between the two is seen by one of them.
    private void Hear(ActorEvent heard)
    {
        flights.Hear(heard);
        routes.Hear(heard);
    }
}
