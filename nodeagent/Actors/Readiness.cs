using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>Asks a process whether it can serve, the way callers will reach it.</summary>
internal sealed class Readiness(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Probes at millisecond intervals until the process answers 200 (or, without a path, accepts a connection).</summary>
    /// <param name="address">Address of the slot.</param>
    /// <param name="port">The activation's port.</param>
    /// <param name="container">What to ask for.</param>
    /// <param name="limit">Time until giving up.</param>
    /// <param name="cancellationToken">Ends the probing, for instance because the process ended.</param>
    /// <returns>Null when it is ready; otherwise what the last probe saw.</returns>
    public async Task<string?> WaitAsync(
        IPAddress address, int port, ContainerSpec container, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var endpoint = new IPEndPoint(address, port);
        while (true)
        {
            var problem = await ProbeAsync(endpoint, container, cancellationToken);
            if (problem is null)
            {
                return null;
            }

            if (time.GetElapsedTime(start) > limit)
            {
                return problem;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<string?> ProbeAsync(IPEndPoint endpoint, ContainerSpec container, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // A probe is gone with a reset, so that it leaves no connection that would count as one in use.
        socket.LingerState = new LingerOption(true, 0);
        try
        {
            await socket.ConnectAsync(endpoint, ending.Token);
            if (container.ReadyPath is not { } path)
            {
                return null;
            }

            var request = $"GET {path} HTTP/1.1\r\nHost: actor\r\nUser-Agent: substrate-readyz\r\nConnection: close\r\n\r\n";
            await socket.SendAsync(Encoding.ASCII.GetBytes(request), ending.Token);
            var buffer = new byte[64];
            var read = await socket.ReceiveAsync(buffer, ending.Token);
            var status = Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
            return status.Split(' ') is [_, "200", ..] ? null : $"GET {path} on port {container.Port} answered '{status}' instead of 200";
        }
        catch (SocketException e)
        {
            return $"nothing serves port {container.Port} ({e.SocketErrorCode})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"port {container.Port} accepts connections but does not answer";
        }
    }
}
