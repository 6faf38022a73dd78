using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Substrate.Proxy.Listening;

/// <summary>Reads <c>http://HOST:PORT[;…]</c>, where HOST is an IP address, <c>localhost</c> or <c>*</c>, and the scheme may be <c>https</c>.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port; 0 for any that is free.</param>
/// <param name="Tls">The scheme is <c>https</c>.</param>
internal readonly record struct ListenAddress(string Host, int Port, bool Tls)
{
    private const string Http = "http://";
    private const string Https = "https://";

    /// <summary>Says which rule <paramref name="addresses"/> breaks; null when it breaks none. Empty is allowed.</summary>
    public static string? Violation(string addresses, bool tls)
    {
        foreach (var text in Split(addresses))
        {
            if (!TryParse(text, out var address))
            {
                return $"'{text}' must be http://HOST:PORT{(tls ? " or https://HOST:PORT" : "")}, with an IP address, localhost or * as HOST";
            }

            if (address.Tls && !tls)
            {
                return $"'{text}' must begin with http:// here";
            }
        }

        return null;
    }

    /// <summary>True when one of the addresses needs a certificate.</summary>
    public static bool AnyTls(string addresses) => Split(addresses).Any(static text => TryParse(text, out var address) && address.Tls);

    /// <summary>Opens every address.</summary>
    public static void Open(KestrelServerOptions kestrel, string addresses, Action<ListenOptions, ListenAddress> configure)
    {
        foreach (var text in Split(addresses))
        {
            if (!TryParse(text, out var address))
            {
                throw new FormatException($"'{text}' is no address to listen on.");
            }

            address.Open(kestrel, configure);
        }
    }

    private void Open(KestrelServerOptions kestrel, Action<ListenOptions, ListenAddress> configure)
    {
        var self = this;
        if (Host == "*")
        {
            kestrel.ListenAnyIP(Port, listen => configure(listen, self));
        }
        else if (Host == "localhost")
        {
            kestrel.ListenLocalhost(Port, listen => configure(listen, self));
        }
        else
        {
            kestrel.Listen(IPAddress.Parse(Host), Port, listen => configure(listen, self));
        }
    }

    private static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryParse(string text, out ListenAddress address)
    {
        address = default;
        var tls = text.StartsWith(Https, StringComparison.OrdinalIgnoreCase);
        var scheme = tls ? Https : Http;
        var colon = text.LastIndexOf(':');
        if (!text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            || colon < scheme.Length
            || !ushort.TryParse(text.AsSpan(colon + 1).TrimEnd('/'), out var port))
        {
            return false;
        }

        address = new(text[scheme.Length..colon].Trim('[', ']'), port, tls);
        return address.Host is "*" or "localhost" || IPAddress.TryParse(address.Host, out _);
    }
}
