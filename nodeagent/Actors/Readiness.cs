using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Asks a process whether it can serve, the way callers will reach it. Probing may begin before the sandbox's network is up: what is
/// sent until then is lost, and the kernel would repeat it after a second only, so a connection is tried afresh every few milliseconds.
/// All probes of a slot come from one port, so that they leave one entry in its table of connections, which the last probe closes.
/// </summary>
internal sealed class Readiness(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    /// <summary>Probes at millisecond intervals until the process answers 200 (or, without a path, accepts a connection).</summary>
    /// <param name="sandbox">Where to ask.</param>
    /// <param name="limit">Time until giving up.</param>
    /// <param name="cancellationToken">Ends the probing, for instance because the process ended.</param>
    /// <returns>Null when it is ready; otherwise what the last probe saw.</returns>
    public async Task<string?> WaitAsync(Sandbox sandbox, TimeSpan limit, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var from = new IPEndPoint(IPAddress.Parse(sandbox.Berth.Network.HostAddress), sandbox.Berth.Network.ProbePort);
        var to = new IPEndPoint(IPAddress.Parse(sandbox.Berth.Network.Address), sandbox.Port);

        // A connection made while the network was coming up may be deaf; asking again costs less than waiting for it to recover. A
        // process that really is slow gets twice the time at each attempt.
        var patience = FirstAnswer;
        while (true)
        {
            var (problem, silent) = await ProbeAsync(from, to, sandbox.Template.Spec.Container, patience, cancellationToken);
            if (problem is null)
            {
                return null;
            }

            if (silent && patience < LongestAnswer)
            {
                patience *= 2;
            }

            if (time.GetElapsedTime(start) > limit)
            {
                return problem;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private static async Task<(string? Problem, bool Silent)> ProbeAsync(
        IPEndPoint from, IPEndPoint to, ContainerSpec container, TimeSpan answer, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // A probe is gone with a reset: nothing of it waits, and the port is free for the next one.
        socket.LingerState = new LingerOption(true, 0);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(from);
            using (var connecting = Patience(ConnectPatience, cancellationToken))
            {
                await socket.ConnectAsync(to, connecting.Token);
            }

            if (container.ReadyPath is not { } path)
            {
                return (null, false);
            }

            using var waiting = Patience(answer, cancellationToken);
            return container.Protocol == ActorProtocol.H2c
                ? (await AskHttp2Async(socket, path, container.Port, waiting.Token), false)
                : (await AskAsync(socket, path, container.Port, waiting.Token), false);
        }
        catch (SocketException e)
        {
            return ($"nothing serves port {container.Port} ({e.SocketErrorCode})", false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return socket.Connected
                ? ($"port {container.Port} accepts connections but does not answer", true)
                : ($"nothing answers on port {container.Port}", false);
        }
    }

    // Null when the answer is 200.
    private static async Task<string?> AskAsync(Socket socket, string path, int port, CancellationToken cancellationToken)
    {
        var request = $"GET {path} HTTP/1.1\r\nHost: actor\r\nUser-Agent: substrate-readyz\r\nConnection: close\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        var buffer = new byte[64];
        var read = await socket.ReceiveAsync(buffer, cancellationToken);
        var status = Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0];
        return status.Split(' ') is [_, "200", ..] ? null : $"GET {path} on port {port} answered '{status}' instead of 200";
    }

    private static async Task<string?> AskHttp2Async(Socket socket, string path, int port, CancellationToken cancellationToken)
    {
        await socket.SendAsync(Http2Probe.Question(path), cancellationToken);
        var buffer = new byte[4096];
        var read = 0;
        while (read < buffer.Length)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(read), cancellationToken);
            read += part;
            if (Http2Probe.Answer(buffer.AsSpan(0, read)) is { } ok)
            {
                return ok ? null : $"GET {path} on port {port} was not answered with 200 over HTTP/2";
            }

            if (part == 0)
            {
                break;
            }
        }

        return $"GET {path} on port {port} ended without an answer over HTTP/2";
    }

    private static CancellationTokenSource Patience(TimeSpan patience, CancellationToken cancellationToken)
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(patience);
        return source;
    }
}
