using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Actors;

/// <summary>
/// Asks a process whether it can serve, the way callers will reach it. Probing may begin before the sandbox's network is up: what is
/// sent until then is lost, and the kernel would repeat it after a second only, so a connection is tried afresh every few milliseconds.
/// Once accepted it stays open until it is answered: a restored process first gets its threads and pages back, and each connection given
/// up meanwhile is one more for it to deal with. Beside one that stays silent others are made, since it may be deaf.
/// </summary>
internal sealed class Readiness(TimeProvider time)
{
    /// <summary>Probes side by side. Each has a source port of its own, so that it leaves one entry in the slot's table of connections.</summary>
    private const int Lanes = 4;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromMilliseconds(8);
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(5);

    /// <summary>Probes at millisecond intervals until the process answers 200 (or, without a path, accepts a connection).</summary>
    /// <param name="sandbox">Where to ask.</param>
    /// <param name="limit">Time until giving up.</param>
    /// <param name="cancellationToken">Ends the probing, for instance because the process ended.</param>
    /// <returns>Null when it is ready; otherwise what the last probe saw.</returns>
    public async Task<string?> WaitAsync(Sandbox sandbox, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = time.GetTimestamp();
        var lanes = new List<Task<string?>>();
        var turn = Task.CompletedTask;
        for (var lane = 0; lane < Lanes; lane++)
        {
            var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lanes.Add(ProbeAsync(sandbox, lane, turn, silent, start, limit, over.Token));
            turn = silent.Task;
        }

        try
        {
            // One that ends is either answered or out of time, and the time is the same for all.
            return await await Task.WhenAny(lanes);
        }
        finally
        {
            await over.CancelAsync();
            await ((Task)Task.WhenAll(lanes)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Begins at its turn, which comes when the connection of the lane before was accepted and stays silent.
    private async Task<string?> ProbeAsync(
        Sandbox sandbox, int lane, Task turn, TaskCompletionSource silent, long start, TimeSpan limit, CancellationToken cancellationToken)
    {
        var network = sandbox.Berth.Network;
        var from = new IPEndPoint(IPAddress.Parse(network.HostAddress), network.ProbePort > 0 ? network.ProbePort + lane : 0);
        var to = new IPEndPoint(IPAddress.Parse(network.Address), sandbox.Port);
        await turn.WaitAsync(cancellationToken);
        while (true)
        {
            var problem = await AskAsync(from, to, sandbox.Template.Spec.Container, silent, cancellationToken);
            if (problem is null || time.GetElapsedTime(start) > limit)
            {
                return problem;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    private async Task<string?> AskAsync(
        IPEndPoint from, IPEndPoint to, ContainerSpec container, TaskCompletionSource silent, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // A probe is gone with a reset: nothing of it waits, and the port is free for the next one.
        socket.LingerState = new LingerOption(true, 0);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(from);

            // Not given up for another lane's answer: a connection of which the sandbox saw the beginning only stays half open in there,
            // and this runtime's checkpoint ends the sandbox over such a one.
            using (var connecting = new CancellationTokenSource(ConnectPatience, time))
            {
                await socket.ConnectAsync(to, connecting.Token);
            }

            using var hush = time.CreateTimer(static turn => ((TaskCompletionSource)turn!).TrySetResult(), silent, Silence, Timeout.InfiniteTimeSpan);

            if (container.ReadyPath is not { } path)
            {
                return null;
            }

            using var waiting = Patience(LongestAnswer, cancellationToken);
            return container.Protocol == ActorProtocol.H2c
                ? await AskHttp2Async(socket, path, container.Port, waiting.Token)
                : await AskHttp1Async(socket, path, container.Port, waiting.Token);
        }
        catch (SocketException e)
        {
            return $"nothing serves port {container.Port} ({e.SocketErrorCode})";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return socket.Connected
                ? $"port {container.Port} accepts connections but does not answer"
                : $"nothing answers on port {container.Port}";
        }
    }

    // Null when the answer is 200.
    private static async Task<string?> AskHttp1Async(Socket socket, string path, int port, CancellationToken cancellationToken)
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
