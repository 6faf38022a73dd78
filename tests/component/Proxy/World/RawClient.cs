using System.Net.Sockets;
using System.Text;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>A client that sends exactly the bytes it is told, well-formed or not. Text stands for its Latin-1 bytes.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private readonly Socket _socket;

    private RawClient(Socket socket) => _socket = socket;

    public static async Task<RawClient> ConnectAsync(Uri address, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    /// <summary>Sends one text on a connection of its own and returns all that comes until the other side ends it.</summary>
    public static async Task<string> AskAsync(Uri address, string text)
    {
        await using var client = await ConnectAsync(address);
        await client.SendAsync(text);
        try
        {
            return await client.ReadToEndAsync();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"'{text[..Math.Min(200, text.Length)]}': {e.Message}");
        }
    }

    public async Task SendAsync(string text) => await SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Reads until the other side ends the connection, in whatever way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        while (await ReadAsync() is { Length: > 0 } part)
        {
            text.Append(part);
        }

        return text.ToString();
    }

    /// <summary>Reads until <paramref name="mark"/> has come.</summary>
    public async Task<string> ReadUntilAsync(string mark)
    {
        var text = new StringBuilder();
        while (!text.ToString().Contains(mark, StringComparison.Ordinal))
        {
            var part = await ReadAsync();
            Assert.True(part.Length > 0, $"'{mark}' did not come, only '{text}'");
            text.Append(part);
        }

        return text.ToString();
    }

    /// <summary>What comes next; empty at the end.</summary>
    public async Task<string> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Installation.Soon);
        var buffer = new byte[65_536];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await _socket.ReceiveAsync(buffer.AsMemory(), limit.Token));
        }
        catch (SocketException)
        {
            return "";
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"nothing came within {Installation.Soon}, and the connection is still open");
        }
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
