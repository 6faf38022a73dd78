using Substrate.State.Actors;

namespace Substrate.Proxy.Routing;

/// <summary>
/// Finds the actor that a request names. A host below a suffix decides; otherwise the header <c>Substrate-To</c> does, and then the path.
/// A first label that begins with a number and two hyphens names one of the actor's ports: <c>8081--ACTOR.ATESPACE.SUFFIX</c>.
/// </summary>
internal sealed class AddressSpace(IEnumerable<string> suffixes)
{
    /// <summary>Room that <see cref="ParseHost"/> needs to turn a host into lower case: a port, two labels and the dot between.</summary>
    public const int Scratch = PortLabel + (2 * Names.MaxLength) + 1;

    /// <summary>The header that names an actor for clients that can choose neither host nor path.</summary>
    public const string Header = "Substrate-To";

    private const string PortMark = "--";
    private const int MostDigits = 5;
    private const int PortLabel = MostDigits + 2;

    // Longest first, so that of two suffixes that both fit the more specific one decides.
    private readonly string[] _suffixes = [.. suffixes.OrderByDescending(static s => s.Length)];

    /// <summary>Reads an actor's address from a host, without allocating.</summary>
    /// <param name="host">The request's host, port included.</param>
    /// <param name="scratch">At least <see cref="Scratch"/> characters, which <paramref name="address"/> may refer to.</param>
    /// <param name="address">The actor, when the answer is <see cref="AddressKind.Host"/>.</param>
    /// <returns><see cref="AddressKind.Host"/>, <see cref="AddressKind.BadHost"/>, or none: the host is below no suffix.</returns>
    public AddressKind ParseHost(ReadOnlySpan<char> host, Span<char> scratch, out ActorAddress address)
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

        address = default;
        return AddressKind.None;
    }

    /// <summary>Reads an actor's address from the header or, without one, from the path.</summary>
    /// <param name="header">The header <see cref="Header"/>; empty when there is none.</param>
    /// <param name="path">The request's decoded path.</param>
    /// <param name="address">The actor, when the answer is <see cref="AddressKind.Header"/> or <see cref="AddressKind.Path"/>.</param>
    public static AddressKind ParseRest(ReadOnlySpan<char> header, ReadOnlySpan<char> path, out ActorAddress address) =>
        header.IsEmpty ? ActorPath.Parse(path, out address) : ParseHeader(header, out address) ? AddressKind.Header : AddressKind.BadHeader;

    /// <summary>
    /// The host without port and without the dot that marks a fully qualified name. An IPv6 literal ends with a bracket, so its colons stay.
    /// </summary>
    public static ReadOnlySpan<char> Domain(ReadOnlySpan<char> host)
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

        var port = TakePort(ref labels);
        var dot = labels.IndexOf('.');
        if (port < 0 || dot < 0 || !Names.IsLabel(labels[..dot]) || !Names.IsLabel(labels[(dot + 1)..]))
        {
            return false;
        }

        address = new ActorAddress(labels[(dot + 1)..], labels[..dot], port);
        return true;
    }

    // Takes PORT-- off the front: 0 when there is none, -1 when the number is no port.
    private static int TakePort(ref ReadOnlySpan<char> labels)
    {
        var digits = 0;
        while (digits < labels.Length && labels[digits] is >= '0' and <= '9')
        {
            digits++;
        }

        if (digits == 0 || !labels[digits..].StartsWith(PortMark, StringComparison.Ordinal))
        {
            return 0;
        }

        var port = Port(labels[..digits]);
        labels = labels[(digits + PortMark.Length)..];
        return port;
    }

    // -1 when the text is no port.
    private static int Port(ReadOnlySpan<char> text)
    {
        var port = text.Length is 0 or > MostDigits ? -1 : 0;
        foreach (var c in text)
        {
            port = port < 0 || c is not (>= '0' and <= '9') ? -1 : (10 * port) + (c - '0');
        }

        return port is > 0 and <= ushort.MaxValue ? port : -1;
    }

    private static bool ParseHeader(ReadOnlySpan<char> text, out ActorAddress address)
    {
        address = default;
        var port = 0;
        if (text.IndexOf(':') is >= 0 and var colon)
        {
            port = Port(text[(colon + 1)..]);
            text = text[..colon];
        }

        var slash = text.IndexOf('/');
        if (port < 0 || slash < 0 || !Names.IsLabel(text[..slash]) || !Names.IsLabel(text[(slash + 1)..]))
        {
            return false;
        }

        address = new ActorAddress(text[..slash], text[(slash + 1)..], port);
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
