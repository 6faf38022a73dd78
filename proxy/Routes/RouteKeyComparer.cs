using Substrate.Proxy.Routing;
using Substrate.State.Actors;

namespace Substrate.Proxy.Routes;

/// <summary>Lets routes be found by the parts of a request's text.</summary>
internal sealed class RouteKeyComparer : IEqualityComparer<ActorKey>, IAlternateEqualityComparer<ActorAddress, ActorKey>
{
    public static readonly RouteKeyComparer Instance = new();

    public bool Equals(ActorKey x, ActorKey y) => x == y;

    public int GetHashCode(ActorKey obj) => HashCode.Combine(string.GetHashCode(obj.Atespace), string.GetHashCode(obj.Name));

    public bool Equals(ActorAddress alternate, ActorKey other) =>
        alternate.Name.SequenceEqual(other.Name) && alternate.Atespace.SequenceEqual(other.Atespace);

    public int GetHashCode(ActorAddress alternate) =>
        HashCode.Combine(string.GetHashCode(alternate.Atespace), string.GetHashCode(alternate.Name));

    public ActorKey Create(ActorAddress alternate) => alternate.ToKey();
}
