using System.Net;

namespace Substrate.Scheduler.Operations;

/// <summary>An address to listen on.</summary>
/// <param name="Secure">TLS or not.</param>
/// <param name="Address">Address of the interface; null for every one.</param>
/// <param name="Port">Port; 0 lets the system choose.</param>
internal readonly record struct ListenAddress(bool Secure, IPAddress? Address, int Port)
{
    public bool Loopback => Address is not null && IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>http[s]://ADDRESS:PORT</c>, where ADDRESS is an IP address, <c>localhost</c>, <c>*</c> or <c>+</c>.</summary>
    public static bool TryParse(string text, out ListenAddress address)
    {
        address = default;
        var secure = text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!secure && !text.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = text[(secure ? 8 : 7)..].TrimEnd('/');
        var colon = rest.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(rest.AsSpan(colon + 1), out var port))
        {
            return false;
        }

        var host = rest[..colon].Trim('[', ']');
        if (host is "*" or "+")
        {
            address = new(secure, null, port);
            return true;
        }

        var ip = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (ip is null && !IPAddress.TryParse(host, out ip))
        {
            return false;
        }

        address = new(secure, ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? null : ip, port);
        return true;
    }
}
