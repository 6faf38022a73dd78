namespace Substrate.NodeAgent.Networks;

/// <summary>The networks of a node's slots, and the ports by which other machines reach them.</summary>
internal interface ISlotNetworks
{
    /// <summary>How many slots there is room for.</summary>
    int Count { get; }

    /// <summary>The first address, for people.</summary>
    string First { get; }

    /// <summary>The network of slot <paramref name="index"/>, not made yet.</summary>
    ISlotNetwork At(int index);

    /// <summary>Removes every network that an earlier run of the node left.</summary>
    /// <returns>How many namespaces there were.</returns>
    Task<int> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Makes ready what maps ports, with none mapped.</summary>
    Task OpenPortsAsync(CancellationToken cancellationToken);

    /// <summary>Maps an activation's port for other machines.</summary>
    Task MapAsync(int port, string slotAddress, CancellationToken cancellationToken);

    /// <summary>Unmaps it for ever.</summary>
    Task UnmapAsync(int port, CancellationToken cancellationToken);

    /// <summary>Removes what maps ports; what is gone already is no error.</summary>
    Task ClosePortsAsync(CancellationToken cancellationToken);
}

/// <summary>A port beside an actor's main one.</summary>
/// <param name="Inner">The port inside.</param>
/// <param name="Outer">The port that stands for it, for this activation alone.</param>
internal readonly record struct FurtherPort(int Inner, int Outer);

/// <summary>The network of one slot, which one sandbox after another uses.</summary>
internal interface ISlotNetwork
{
    /// <summary>Address at which this machine reaches the actor.</summary>
    string Address { get; }

    /// <summary>Address of this machine's end.</summary>
    string HostAddress { get; }

    /// <summary>Local port that readiness probes come from; 0 for any.</summary>
    int ProbePort { get; }

    /// <summary>Path of the namespace that the sandbox runs in.</summary>
    string SandboxNamespace { get; }

    /// <summary>Packets that this machine sent into the slot so far.</summary>
    long Packets { get; }

    /// <summary>Makes it; no port is open yet.</summary>
    Task CreateAsync(CancellationToken cancellationToken);

    /// <summary>Readies it for the next sandbox, which is reached by <paramref name="port"/>, the further ports, and no other.</summary>
    /// <param name="port">Port that stands for the actor's main one.</param>
    /// <param name="actorPort">The actor's main port.</param>
    /// <param name="further">The actor's further ports, and those that stand for them. They open and close with the main one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    Task PrepareAsync(int port, int actorPort, IReadOnlyList<FurtherPort> further, CancellationToken cancellationToken);

    /// <summary>Lets new connections to <paramref name="port"/> in again.</summary>
    Task OpenAsync(int port, int actorPort, CancellationToken cancellationToken);

    /// <summary>Refuses new connections to <paramref name="port"/> with a reset. Those that are established go on.</summary>
    Task CloseAsync(int port, CancellationToken cancellationToken);

    /// <summary>Opens the slot's table of connections.</summary>
    IFlowTable OpenFlows();

    /// <summary>Watches for the next packet that passes on its way to the sandbox.</summary>
    /// <exception cref="NetworkException">The network is gone.</exception>
    IPacketWatch Watch();

    /// <summary>Removes everything; what is gone already is no error.</summary>
    Task DestroyAsync(CancellationToken cancellationToken);
}

/// <summary>The connections through one slot.</summary>
internal interface IFlowTable : IDisposable
{
    /// <summary>How many connections are open or opening: those that may carry a request.</summary>
    int Open();
}

/// <summary>A watch for one packet.</summary>
internal interface IPacketWatch : IDisposable
{
    /// <summary>Ends when a packet came since the watch was opened, or can no longer be seen.</summary>
    Task Seen { get; }
}
