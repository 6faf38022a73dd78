using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Substrate.TestSupport.Faults;

/// <summary>
/// A TCP proxy on a loopback port in front of a server; with each connection goes wrong what <see cref="Choose"/> says. Bytes are
/// passed as they are, so that the server's own behaviour stays. A connection on which nothing goes wrong is closed in a quiet moment
/// after its bytes, so that clients which keep connections come back for the next fault.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(20);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly ConcurrentDictionary<Fault, int> _happened = new();
    private readonly int _target;
    private readonly Task _accepting;

    /// <param name="target">Port of the server on loopback.</param>
    public FaultyProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Chooses the fault of the next connection, and after how many bytes it comes; a sound or slow one is closed after so many.</summary>
    public Func<(Fault Fault, int AfterBytes)> Choose { get; set; } = static () => (Fault.None, 0);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often each fault was dealt out.</summary>
    public IReadOnlyDictionary<Fault, int> Happened => _happened;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptSocketAsync(_end.Token);
            var (fault, after) = Choose();
            _happened.AddOrUpdate(fault, 1, static (_, count) => count + 1);
            var connection = ServeAsync(client, fault, after);
            _connections[connection] = true;
            _ = connection.ContinueWith(c => _connections.TryRemove(c, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket client, Fault fault, int after)
    {
        using var mine = client;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            if (Answer(fault) is { } answer)
            {
                var head = new byte[16 * 1024];
                await client.ReceiveAsync(head, over.Token);
                await client.SendAsync(Encoding.ASCII.GetBytes(answer), over.Token);
                client.Shutdown(SocketShutdown.Send);
                // Read on, so that the answer is not lost to a reset.
                while (await client.ReceiveAsync(head, over.Token) > 0)
                {
                }

                return;
            }

            using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await server.ConnectAsync(IPAddress.Loopback, _target, over.Token);
            var budget = fault is Fault.Reset or Fault.Truncate ? after : long.MaxValue;
            var passed = new Passed();
            var up = PumpAsync(client, server, fault == Fault.Reset ? budget : long.MaxValue, fault, passed, over.Token);
            var down = PumpAsync(server, client, budget, fault, passed, over.Token);
            await Task.WhenAny(up, down, fault is Fault.None or Fault.Delay ? UntilQuietAsync(passed, after, over.Token) : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, over.Token));
            if (fault == Fault.Reset)
            {
                client.LingerState = new LingerOption(true, 0);
            }

            await over.CancelAsync();
            await Task.WhenAll(up, down).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The other side has gone, as it may.
        }
    }

    private static async Task PumpAsync(Socket from, Socket to, long budget, Fault fault, Passed passed, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while (budget > 0 && (read = await from.ReceiveAsync(buffer, cancellation)) > 0)
        {
            if (fault == Fault.Delay)
            {
                await Task.Delay(Late, TimeProvider.System, cancellation);
            }

            var part = (int)Math.Min(read, budget);
            budget -= part;
            for (var sent = 0; sent < part;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, part - sent), cancellation);
            }

            passed.Add(part);
        }
    }

    private static async Task UntilQuietAsync(Passed passed, int after, CancellationToken cancellation)
    {
        long before;
        do
        {
            before = passed.Bytes;
            await Task.Delay(Quiet, TimeProvider.System, cancellation);
        }
        while (before < after || passed.Bytes != before);
    }

    private static string? Answer(Fault fault)
    {
        var (status, code) = fault switch
        {
            Fault.InternalError => ("500 Internal Server Error", "InternalError"),
            Fault.SlowDown => ("503 Slow Down", "SlowDown"),
            Fault.Full => ("507 Insufficient Storage", "InsufficientStorage"),
            Fault.Forbidden => ("403 Forbidden", "AccessDenied"),
            _ => ("", ""),
        };
        var body = $"<Error><Code>{code}</Code><Message>injected</Message></Error>";
        return status.Length == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");
    }

    // Bytes of one connection, both ways.
    private sealed class Passed
    {
        private long _bytes;

        public long Bytes => Volatile.Read(ref _bytes);

        public void Add(int bytes) => Interlocked.Add(ref _bytes, bytes);
    }
}
