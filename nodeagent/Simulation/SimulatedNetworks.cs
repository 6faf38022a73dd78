using System.Globalization;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.Simulation;

/// <summary>Gives each simulated slot a loopback address of its own, in a block of 127.128.0.0/9 that the node's name chooses.</summary>
internal sealed class SimulatedNetworks(IOptions<NodeOptions> options, SimulatedMachine machine, SimulatedHttp http) : ISlotNetworks
{
    private const int SlotBits = 11;
    private const uint Range = (127u << 24) | (128u << 16);
    private const uint Blocks = 1u << (23 - SlotBits);

    private readonly uint _base = Range | ((NetworkPlan.Hash(options.Value.Id) % Blocks) << SlotBits);

    public int Count => 1 << SlotBits;

    public string First => Address(0);

    public ISlotNetwork At(int index) => new SimulatedNetwork(
        machine, http, string.Create(CultureInfo.InvariantCulture, $"simulated/{options.Value.Id}/{index}"), Address(index));

    public Task<int> SweepAsync(IReadOnlySet<int> kept, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task OpenPortsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task MapAsync(int port, string slotAddress, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task UnmapAsync(int port, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ClosePortsAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private string Address(int index)
    {
        var address = _base + (uint)index;
        return string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
    }
}
