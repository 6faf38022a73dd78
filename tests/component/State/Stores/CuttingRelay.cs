using System.Net;
using System.Net.Sockets;

namespace Substrate.State.ComponentTests.Stores;

/// <summary>
/// Stands between a caller and a store. Told to, it lets the next command through and cuts the connection instead of bringing the answer:
/// the caller cannot know whether it was executed, and it was.
/// </summary>
internal sealed class CuttingRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _store;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _accepting;
    private string? _cut;

    /// <param name="store">Port of the store on loopback.</param>
    public CuttingRelay(int store)
    {
        _store = store;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often an answer was withheld.</summary>
    public int Cuts { get; private set; }

    /// <summary>Withholds the answer to the next command whose bytes contain <paramref name="text"/>.</summary>
    public void CutAfter(string text) => Volatile.Write(ref _cut, text);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        _listener.Stop();
        await _accepting;
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relayed = new List<Task>();
        try
        {
            while (true)
            {
                relayed.Add(RelayAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relayed);
        }
    }

    private async Task RelayAsync(TcpClient caller)
    {
        using (caller)
        using (var store = new TcpClient())
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(_over.Token))
        {
            try
            {
                await store.ConnectAsync(IPAddress.Loopback, _store, end.Token);
                await await Task.WhenAny(UpAsync(caller.GetStream(), store.GetStream(), end.Token), store.GetStream().CopyToAsync(caller.GetStream(), end.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // Whichever side ended: the other one ends with it.
            }

            await end.CancelAsync();
        }
    }

    private async Task UpAsync(NetworkStream caller, NetworkStream store, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await caller.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            var cut = Volatile.Read(ref _cut);
            if (cut is null || !System.Text.Encoding.UTF8.GetString(buffer, 0, read).Contains(cut, StringComparison.Ordinal))
            {
                await store.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                continue;
            }

            // On a connection of its own, so that the command is known to be over before the caller's connection goes.
            Volatile.Write(ref _cut, null);
            using var apart = new TcpClient();
            await apart.ConnectAsync(IPAddress.Loopback, _store, cancellationToken);
            await apart.GetStream().WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            _ = await apart.GetStream().ReadAsync(buffer, cancellationToken);
            Cuts++;
            return;
        }
    }
}
