using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Substrate.Proxy.Listening;

/// <summary>Reads <c>http://HOST:PORT[;…]</c>, where HOST is an IP address, <c>localhost</c> or <c>*</c>.</summary>
internal static class ListenAddress
{
    /// <summary>Says which rule <paramref name="addresses"/> breaks; null when it breaks none. Empty is allowed.</summary>
    public static string? Violation(string addresses)
    {
        foreach (var address in Split(addresses))
        {
            if (!TryParse(address, out _, out _))
            {
                return $"'{address}' must be http://HOST:PORT, with an IP address, localhost or * as HOST";
            }
        }

        return null;
    }

    /// <summary>Opens every address with the same settings.</summary>
    public static void Open(KestrelServerOptions kestrel, string addresses, Action<ListenOptions> configure)
    {
        foreach (var address in Split(addresses))
        {
            if (!TryParse(address, out var host, out var port))
            {
                throw new FormatException($"'{address}' is no address to listen on.");
            }

            if (host == "*")
            {
                kestrel.ListenAnyIP(port, configure);
            }
            else if (host == "localhost")
            {
                kestrel.ListenLocalhost(port, configure);
            }
            else
            {
                kestrel.Listen(IPAddress.Parse(host), port, configure);
            }
        }
    }

    private static string[] Split(string addresses) =>
        addresses.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool TryParse(string address, out string host, out int port)
    {
        (host, port) = ("", 0);
        const string scheme = "http://";
        var colon = address.LastIndexOf(':');
        if (!address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            || colon < scheme.Length
            || !ushort.TryParse(address.AsSpan(colon + 1).TrimEnd('/'), out var number))
        {
            return false;
        }

        (host, port) = (address[scheme.Length..colon].Trim('[', ']'), number);
        return host is "*" or "localhost" || IPAddress.TryParse(host, out _);
    }
}
