using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;

namespace Substrate.NodeAgent.Simulation;

/// <summary>What simulated sandboxes use, and the means to stop all of them.</summary>
internal sealed class SimulatedCgroups(IOptions<SimulationOptions> options, SimulatedMachine machine) : ICgroups
{
    public string PathOf(string sandbox) => sandbox;

    public TimeSpan CpuTime(string sandbox) => TimeSpan.Zero;

    public long Memory(string sandbox) => machine.Find(sandbox) is null ? 0 : options.Value.MemoryBytes;

    public bool Freeze(bool frozen)
    {
        machine.Freeze(frozen);
        return true;
    }

    public void Remove(string? sandbox)
    {
        // A simulated sandbox has none.
    }

    public IReadOnlyCollection<string> List() => [];
}
