using System.Net;
using System.Net.Sockets;

namespace Substrate.TestSupport.Processes;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>A port that was free a moment ago. Who binds it tries another one when it lost the race.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>True when a port could be bound just now.</summary>
    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
