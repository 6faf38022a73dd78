using Substrate.Proxy.Configuration;
using Substrate.Proxy.Routes;
using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>What a request names, and the route to it if there is one.</summary>
/// <param name="Kind">How the actor is named, or why none is.</param>
/// <param name="Key">The actor; only where it is named and has no route.</param>
/// <param name="Port">One of its further ports, or 0.</param>
/// <param name="Route">Its route, entered; null when there is none.</param>
/// <param name="Ask">A domain that nobody has asked for yet; null otherwise.</param>
internal readonly record struct Found(AddressKind Kind, ActorKey Key, int Port, Route? Route, string? Ask)
{
    public bool NamesAnActor => Kind is AddressKind.Host or AddressKind.Path or AddressKind.Header or AddressKind.Domain;
}

/// <summary>
/// Finds the actor of a request: by a host below a suffix, by a custom domain, by header, by path, in this order. Synchronous, and without
/// allocating where the actor has a route.
/// </summary>
internal sealed class Finder(RouteTable routes, Domains domains, LiveOptions live)
{
    /// <param name="request">The request.</param>
    /// <param name="asked">The custom domain was asked for; if it is still not known, it names nobody.</param>
    /// <param name="owner">Whom it names, when it was asked for and names somebody.</param>
    public Found Find(HttpRequest request, bool asked = false, ActorKey? owner = null)
    {
        var host = request.Host.Value.AsSpan();
        Span<char> scratch = stackalloc char[DomainName.MaxLength];
        var kind = live.Rules.Addresses.ParseHost(host, scratch, out var address);
        if (kind == AddressKind.Host)
        {
            return Enter(kind, address);
        }

        if (kind == AddressKind.BadHost)
        {
            return new(kind, default, 0, null, null);
        }

        if (Domains.Fits(AddressSpace.Domain(host), scratch, out var domain))
        {
            if (!asked && !domains.TryFind(domain, out owner))
            {
                return new(AddressKind.Domain, default, 0, null, domain.ToString());
            }

            if (owner is { } key)
            {
                return Enter(AddressKind.Domain, new ActorAddress(key.Atespace, key.Name));
            }
        }

        kind = AddressSpace.ParseRest(request.Headers[AddressSpace.Header].ToString(), request.Path.Value, out address);
        return kind is AddressKind.Path or AddressKind.Header ? Enter(kind, address) : new(kind, default, 0, null, null);
    }

    /// <summary>Asks whom a custom domain names, then finds the actor.</summary>
    public async ValueTask<Found> AskAsync(HttpRequest request, string domain) => Find(request, asked: true, await domains.FindAsync(domain));

    private Found Enter(AddressKind kind, ActorAddress address) => routes.TryEnter(address, out var route)
        ? new(kind, route!.Key, address.Port, route, null)
        : new(kind, address.ToKey(), address.Port, null, null);
}
