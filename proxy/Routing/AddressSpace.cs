using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>Finds the actor that a host and path name. A host below a suffix decides; otherwise the path does.</summary>
internal sealed class AddressSpace(IEnumerable<string> suffixes)
{
    /// <summary>Room that <see cref="Parse"/> needs to turn a host into lower case: two labels and the dot between.</summary>
    public const int Scratch = (2 * Names.MaxLength) + 1;

    // Longest first, so that of two suffixes that both fit the more specific one decides.
    private readonly string[] _suffixes = [.. suffixes.OrderByDescending(static s => s.Length)];

    /// <summary>Reads a request's address without allocating.</summary>
    /// <param name="host">The request's host, port included.</param>
    /// <param name="path">The request's decoded path.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> characters, which <paramref name="address"/> may refer to.</param>
    /// <param name="address">The actor, when the answer is <see cref="AddressKind.Host"/> or <see cref="AddressKind.Path"/>.</param>
    public AddressKind Parse(ReadOnlySpan<char> host, ReadOnlySpan<char> path, Span<char> scratch, out ActorAddress address)
    {
        host = Domain(host);
        foreach (var suffix in _suffixes)
        {
            var labels = host.Length - suffix.Length - 1;
            if (labels >= 0 && host[labels] == '.' && host[(labels + 1)..].Equals(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return ParseLabels(host[..labels], scratch, out address) ? AddressKind.Host : AddressKind.BadHost;
            }
        }

        return ActorPath.Parse(path, out address);
    }

    // The host without port and without the dot that marks a fully qualified name. An IPv6 literal ends with a bracket, so its colons stay.
    private static ReadOnlySpan<char> Domain(ReadOnlySpan<char> host)
    {
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && host[^1] != ']')
        {
            host = host[..colon];
        }

        return host.Length > 0 && host[^1] == '.' ? host[..^1] : host;
    }

    private static bool ParseLabels(ReadOnlySpan<char> labels, Span<char> scratch, out ActorAddress address)
    {
        address = default;
        if (labels.Length > Scratch)
        {
            return false;
        }

        if (HasUpper(labels))
        {
            labels.ToLowerInvariant(scratch);
            labels = scratch[..labels.Length];
        }

        var dot = labels.IndexOf('.');
        if (dot < 0 || !Names.IsLabel(labels[..dot]) || !Names.IsLabel(labels[(dot + 1)..]))
        {
            return false;
        }

        address = new ActorAddress(labels[(dot + 1)..], labels[..dot]);
        return true;
    }

    private static bool HasUpper(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is >= 'A' and <= 'Z')
            {
                return true;
            }
        }

        return false;
    }
}
