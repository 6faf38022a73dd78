using System.Net;
using System.Net.Sockets;
using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.Simulation;

/// <summary>
/// The network of a simulated slot: one loopback address. A port is listened on while it is open and a process serves; otherwise the
/// kernel refuses connections to it, as it does for a slot's gate.
/// </summary>
internal sealed class SimulatedNetwork(SimulatedMachine machine, SimulatedHttp http, string name, string address) : ISlotNetwork, IFlowTable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _connections = [];
    private Socket? _listener;
    private SimulatedProcess? _process;
    private int _port;
    private bool _open;
    private long _packets;
    private SimulatedWatch? _watch;

    public string Address => address;

    public string HostAddress => address;

    public int ProbePort => 0;

    public string SandboxNamespace => name;

    public long Packets => Volatile.Read(ref _packets);

    public Task CreateAsync(CancellationToken cancellationToken)
    {
        machine.Add(this);
        return Task.CompletedTask;
    }

    // A simulated process serves its main port only.
    public Task PrepareAsync(int port, int actorPort, IReadOnlyList<FurtherPort> further, CancellationToken cancellationToken) => SetAsync(port, open: true);

    public Task OpenAsync(int port, int actorPort, CancellationToken cancellationToken) => SetAsync(port, open: true);

    public Task CloseAsync(int port, CancellationToken cancellationToken) => SetAsync(port, open: false);

    public IFlowTable OpenFlows() => this;

    public IPacketWatch Watch()
    {
        var watch = new SimulatedWatch();
        Volatile.Write(ref _watch, watch);
        return watch;
    }

    public Task DestroyAsync(CancellationToken cancellationToken)
    {
        machine.Remove(this);
        return SetAsync(0, open: false);
    }

    /// <summary>A process serves here from now on.</summary>
    public void Attach(SimulatedProcess process)
    {
        lock (_lock)
        {
            _process = process;
            Listen_NeedsLock();
        }
    }

    /// <summary>A process has ended: what it had open is reset.</summary>
    public void Detach(SimulatedProcess process)
    {
        lock (_lock)
        {
            if (_process != process)
            {
                return;
            }

            _process = null;
            Listen_NeedsLock();
            foreach (var connection in _connections)
            {
                Reset(connection);
            }
        }
    }

    /// <summary>Something came in.</summary>
    public void Saw()
    {
        Interlocked.Increment(ref _packets);
        Volatile.Read(ref _watch)?.Saw();
    }

    public int Open()
    {
        lock (_lock)
        {
            return _connections.Count;
        }
    }

    public void Dispose()
    {
        // The table goes with the network.
    }

    private Task SetAsync(int port, bool open)
    {
        lock (_lock)
        {
            if (port != _port)
            {
                Close_NeedsLock();
            }

            (_port, _open) = (port, open);
            Listen_NeedsLock();
        }

        return Task.CompletedTask;
    }

    private void Listen_NeedsLock()
    {
        if (!_open || _process is null)
        {
            Close_NeedsLock();
            return;
        }

        if (_listener is not null)
        {
            return;
        }

        var listener = _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), _port));
        listener.Listen(128);
        _ = AcceptAsync(listener, _process);
    }

    private void Close_NeedsLock()
    {
        _listener?.Dispose();
        _listener = null;
    }

    private async Task AcceptAsync(Socket listener, SimulatedProcess process)
    {
        while (true)
        {
            Socket connection;
            try
            {
                connection = await listener.AcceptAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed, or the connection was reset before it was taken.
                if (listener != Volatile.Read(ref _listener))
                {
                    return;
                }

                continue;
            }

            Saw();
            lock (_lock)
            {
                if (process == _process)
                {
                    _connections.Add(connection);
                    _ = ServeAsync(connection, process);
                    continue;
                }
            }

            Reset(connection);
        }
    }

    private async Task ServeAsync(Socket connection, SimulatedProcess process)
    {
        try
        {
            await http.ServeAsync(connection, process, this);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove(connection);
            }

            connection.Dispose();
        }
    }

    private static void Reset(Socket connection)
    {
        connection.LingerState = new LingerOption(true, 0);
        connection.Dispose();
    }
}
