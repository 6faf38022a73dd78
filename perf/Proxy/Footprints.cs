using System.Net.Sockets;
using System.Text;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Proxy;

/// <summary>What waiting costs the proxy: memory of its own for idle clients, held requests and WebSockets, and while a gigabyte passes.</summary>
internal sealed class Footprints(Servers servers, TimeProvider time, Action<string> tell)
{
    private const int Parallel = 64;
    private const int Block = 64 * 1024;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private readonly (ServerProcess Server, (int Http1, int Http2) Ports) _proxy = servers[Servers.Substrate];

    /// <summary>Bytes for each of <paramref name="count"/> idle connections that had a request each.</summary>
    public async Task<double> IdleAsync(int count, CancellationToken cancellationToken)
    {
        tell($"{count} idle connections");
        return await EachAsync(
            count, $"GET /small HTTP/1.1\r\nHost: {Servers.Host}\r\n\r\n", static text => text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), cancellationToken);
    }

    /// <summary>Bytes for each of <paramref name="count"/> requests that are held, half of them with a body that is not read.</summary>
    public async Task<double> HeldAsync(int count, CancellationToken cancellationToken)
    {
        tell($"{count} held requests");

        // Actors at rest, and no node that could wake them. Several, since one actor may not hold as many.
        var actors = Enumerable.Range(0, 20).Select(static i => new ActorKey($"held-{i}", "sleeper")).ToArray();
        foreach (var actor in actors)
        {
            await servers.Actors.CreateAsync(actor, Guid.NewGuid().ToString("N"), new("bench", "none"), new Dictionary<string, string>());
            var claim = await servers.Actors.ClaimAsync(actor, Guid.NewGuid().ToString("N"), "bench", TimeSpan.FromMinutes(10));
            if (!claim.Done)
            {
                throw new BenchException($"the record of {actor} could not be written: {claim.Outcome}");
            }
        }

        var next = 0;
        return await EachAsync(
            count,
            () =>
            {
                var n = Interlocked.Increment(ref next);
                var (actor, body) = (actors[n % actors.Length], n % 2 == 0 ? new string('b', 1_000) : "");
                return $"POST / HTTP/1.1\r\nHost: {actor.Name}.{actor.Atespace}.actors.localhost\r\nX-Padding: {new string('p', 500)}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
            },
            null,
            cancellationToken);
    }

    /// <summary>Bytes for each of <paramref name="count"/> open WebSockets, both sides of it.</summary>
    public async Task<double> WebSocketsAsync(int count, CancellationToken cancellationToken)
    {
        tell($"{count} WebSockets");
        await using var actor = await EndActor.StartAsync(servers, new("bench", "sockets"));
        return await EachAsync(
            count,
            "GET /ws HTTP/1.1\r\nHost: sockets.bench.actors.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            static text => text.StartsWith("HTTP/1.1 101", StringComparison.Ordinal),
            cancellationToken);
    }

    /// <summary>Sends and fetches <paramref name="bytes"/> each through an actor that wakes when asked; answers by how much memory grew at most.</summary>
    public async Task<double> StreamAsync(long bytes, CancellationToken cancellationToken)
    {
        tell($"{bytes >> 20} MiB up and down through an actor that wakes");
        var key = new ActorKey("bench", "streams");
        await servers.Actors.CreateAsync(key, Guid.NewGuid().ToString("N"), new("bench", "none"), new Dictionary<string, string>());
        var before = _proxy.Server.PrivateBytes;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(stop.Token);
        var upload = TransferAsync($"POST /up HTTP/1.1\r\nHost: streams.bench.actors.localhost\r\nContent-Length: {bytes}\r\n\r\n", bytes, 0, cancellationToken);
        await Task.Delay(Settle, time, cancellationToken);
        await using var actor = await EndActor.StartAsync(servers, key, bytes);
        await upload;
        await TransferAsync("GET /down HTTP/1.1\r\nHost: streams.bench.actors.localhost\r\n\r\n", 0, bytes, cancellationToken);
        await stop.CancelAsync();
        return Math.Max(0, await watching - before);
    }

    private Task<double> EachAsync(int count, string request, Func<string, bool> answered, CancellationToken cancellationToken) =>
        EachAsync(count, () => request, answered, cancellationToken);

    // Opens connections, sends a request on each and, if there is to be an answer, checks it; then looks at the memory and closes them.
    private async Task<double> EachAsync(int count, Func<string> request, Func<string, bool>? answered, CancellationToken cancellationToken)
    {
        var sockets = new List<Socket>();
        try
        {
            await Task.Delay(Settle, time, cancellationToken);
            var before = _proxy.Server.PrivateBytes;
            for (var opened = 0; opened < count; opened += Parallel)
            {
                var some = Enumerable.Range(0, Math.Min(Parallel, count - opened)).Select(_ => OpenAsync(request(), answered, cancellationToken));
                sockets.AddRange(await Task.WhenAll(some));
            }

            await Task.Delay(Settle, time, cancellationToken);
            return Math.Max(0, _proxy.Server.PrivateBytes - before) / (double)count;
        }
        finally
        {
            sockets.ForEach(static socket => socket.Dispose());
        }
    }

    private async Task<Socket> OpenAsync(string request, Func<string, bool>? answered, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", _proxy.Ports.Http1, cancellationToken);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), cancellationToken);
        if (answered is not null)
        {
            var buffer = new byte[4096];
            var read = await socket.ReceiveAsync(buffer, cancellationToken);
            var text = Encoding.ASCII.GetString(buffer, 0, read);
            if (!answered(text))
            {
                throw new BenchException("a request was answered otherwise than expected") { Details = text };
            }
        }

        return socket;
    }

    private async Task<double> WatchAsync(CancellationToken cancellationToken)
    {
        double most = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            most = Math.Max(most, _proxy.Server.PrivateBytes);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, CancellationToken.None);
        }

        return most;
    }

    private async Task TransferAsync(string head, long up, long down, CancellationToken cancellationToken)
    {
        using var socket = await OpenAsync(head, null, cancellationToken);
        var block = new byte[Block];
        for (var sent = 0L; sent < up;)
        {
            sent += await socket.SendAsync(block.AsMemory(0, (int)Math.Min(Block, up - sent)), cancellationToken);
        }

        var first = await socket.ReceiveAsync(block, cancellationToken);
        var text = Encoding.ASCII.GetString(block, 0, Math.Min(first, 512));
        if (!text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            throw new BenchException("a large body did not pass") { Details = text };
        }

        var got = first - (text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4L);
        while (got < down)
        {
            var read = await socket.ReceiveAsync(block, cancellationToken);
            if (read == 0)
            {
                throw new BenchException($"only {got} of {down} bytes came");
            }

            got += read;
        }
    }
}
