using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>The path form of an actor's address, <c>/actors/ATESPACE/ACTOR/…</c>. Paths are case-sensitive, so names are lower case here.</summary>
internal static class ActorPath
{
    private const string Root = "/actors/";

    public static AddressKind Parse(ReadOnlySpan<char> path, out ActorAddress address)
    {
        address = default;
        if (!path.StartsWith(Root, StringComparison.Ordinal))
        {
            return AddressKind.None;
        }

        var names = path[Root.Length..PrefixLength(path)];
        var slash = names.IndexOf('/');
        if (slash < 0 || !Names.IsLabel(names[..slash]) || !Names.IsLabel(names[(slash + 1)..]))
        {
            return AddressKind.BadPath;
        }

        address = new ActorAddress(names[..slash], names[(slash + 1)..]);
        return AddressKind.Path;
    }

    /// <summary>Length of <c>/actors/ATESPACE/ACTOR</c> in a path that starts with it.</summary>
    public static int PrefixLength(ReadOnlySpan<char> path)
    {
        var actor = path[Root.Length..].IndexOf('/') + Root.Length + 1;
        var rest = path[actor..].IndexOf('/');
        return rest < 0 ? path.Length : actor + rest;
    }
}
