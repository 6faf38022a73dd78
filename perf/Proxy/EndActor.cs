using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.State.Actors;

namespace Substrate.Perf.Proxy;

/// <summary>An actor's end of things, as plain as can be: opens WebSockets and says nothing, swallows what is posted, sends as many bytes as it was told.</summary>
internal sealed class EndActor : IAsyncDisposable
{
    private const int Block = 64 * 1024;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _serving = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly long _bytes;
    private Task _accepting = Task.CompletedTask;

    private EndActor(long bytes) => _bytes = bytes;

    /// <summary>Starts it and says in the record that the actor runs there.</summary>
    public static async Task<EndActor> StartAsync(Servers servers, ActorKey key, long bytes = 0)
    {
        var actor = new EndActor(bytes);
        actor._listener.Start(4096);
        actor._accepting = actor.AcceptAsync();
        await servers.RunsAtAsync(key, actor._listener.LocalEndpoint.ToString()!);
        return actor;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        try
        {
            var block = new byte[Block];
            var read = await socket.ReceiveAsync(block, _stop.Token);
            var head = Encoding.ASCII.GetString(block, 0, Math.Min(read, 2048));
            var body = head.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
            if (head.Contains("/ws", StringComparison.Ordinal))
            {
                await SayAsync(socket, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
                await socket.ReceiveAsync(block, _stop.Token);
            }
            else if (head.StartsWith("POST", StringComparison.Ordinal))
            {
                for (long got = read - body; got < _bytes;)
                {
                    got += await socket.ReceiveAsync(block, _stop.Token);
                }

                await SayAsync(socket, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
            else
            {
                await SayAsync(socket, $"HTTP/1.1 200 OK\r\nContent-Length: {_bytes}\r\n\r\n");
                for (var sent = 0L; sent < _bytes;)
                {
                    sent += await socket.SendAsync(block.AsMemory(0, (int)Math.Min(Block, _bytes - sent)), _stop.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // Stopped, or the proxy closed it.
        }
    }

    private async Task SayAsync(Socket socket, string text) => await socket.SendAsync(Encoding.ASCII.GetBytes(text), _stop.Token);
}
