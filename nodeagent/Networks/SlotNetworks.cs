using System.Globalization;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Networks;

/// <summary>The networks of a node's slots, made of the kernel's namespaces.</summary>
internal sealed class SlotNetworks(IOptions<NodeOptions> options, ICommandRunner commands, NetworkPlan plan, HostPorts ports) : ISlotNetworks
{
    private readonly string _node = options.Value.Id;

    public int Count => plan.Berths;

    public string First => plan.HostAddress(0);

    public ISlotNetwork At(int index) => new SlotNetwork(
        commands,
        string.Create(CultureInfo.InvariantCulture, $"{SandboxFactory.NamespacePrefix(_node)}{index}"),
        string.Create(CultureInfo.InvariantCulture, $"{SandboxFactory.LinkPrefix(_node)}{index}"),
        plan.HostAddress(index),
        plan.SlotAddress(index));

    public Task<int> SweepAsync(IReadOnlySet<int> kept, CancellationToken cancellationToken) =>
        SlotNetwork.SweepAsync(commands, SandboxFactory.NamespacePrefix(_node), SandboxFactory.LinkPrefix(_node), kept, cancellationToken);

    public Task OpenPortsAsync(CancellationToken cancellationToken) => ports.OpenAsync(cancellationToken);

    public Task MapAsync(int port, string slotAddress, CancellationToken cancellationToken) => ports.AddAsync(port, slotAddress, cancellationToken);

    public Task UnmapAsync(int port, CancellationToken cancellationToken) => ports.RemoveAsync(port, cancellationToken);

    public Task ClosePortsAsync(CancellationToken cancellationToken) => ports.CloseAsync(cancellationToken);
}
