using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Substrate.Proxy.Listening;

/// <summary>
/// What is the same for all requests of one client connection, found out once. Requests to the operations listener are told apart by
/// the connection that carries them, never by host or path, so that no name of an actor leads there and no operations path to an actor.
/// </summary>
internal sealed class ClientConnection(IPAddress? address, bool operations)
{
    /// <summary>Requests that a client may give up within <see cref="Window"/>. Giving up costs it nothing, and an actor a connection.</summary>
    private const int MostGivenUp = 200;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Told? _told;
    private long _windowAt;
    private int _givenUp;

    /// <summary>The client's address, IPv4 as such; null when the transport has none.</summary>
    public IPAddress? Address { get; } = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;

    /// <summary>Asks for metrics and health, not for an actor.</summary>
    public bool IsOperations => operations;

    /// <summary>The client's address in words, empty for none.</summary>
    public string AddressText { get; } = address is null ? "" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    /// <summary>The connection of a request, also where the transport has no place to keep one.</summary>
    public static ClientConnection Of(HttpContext context) =>
        context.Features.Get<ClientConnection>() ?? new(context.Connection.RemoteIpAddress, operations: false);

    public static ConnectionDelegate Serving(ConnectionDelegate next) => Marking(next, operations: false);

    public static ConnectionDelegate Operating(ConnectionDelegate next) => Marking(next, operations: true);

    /// <summary>This client's element of <c>Forwarded</c> (RFC 7239). Kept, since the host rarely changes on a connection.</summary>
    public string Forwarded(string host, string scheme)
    {
        var told = Volatile.Read(ref _told);
        if (told is null || told.Host != host || told.Scheme != scheme)
        {
            told = new(host, scheme, Write(host, scheme));
            Volatile.Write(ref _told, told);
        }

        return told.Text;
    }

    /// <summary>Counts a request that the client gave up; true when it gives up so many that its connection is to end.</summary>
    public bool GaveUp(TimeProvider time)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_givenUp == 0 || time.GetElapsedTime(_windowAt, now) > Window)
            {
                (_windowAt, _givenUp) = (now, 0);
            }

            return ++_givenUp > MostGivenUp;
        }
    }

    private string Write(string host, string scheme)
    {
        var name = Address switch
        {
            null => "unknown",
            { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => $"\"[{AddressText}]\"",
            _ => AddressText,
        };

        // A quoted string holds every host that a request can have: quotes and backslashes are in none.
        return host.Length == 0 ? $"for={name};proto={scheme}" : $"for={name};host=\"{host}\";proto={scheme}";
    }

    private static ConnectionDelegate Marking(ConnectionDelegate next, bool operations) => connection =>
    {
        connection.Features.Set(new ClientConnection((connection.RemoteEndPoint as IPEndPoint)?.Address, operations));
        return next(connection);
    };

    private sealed record Told(string Host, string Scheme, string Text);
}
