using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Cgroups;

namespace Substrate.NodeAgent.Simulation;

/// <summary>What simulated sandboxes use, and the means to stop all of them.</summary>
internal sealed class SimulatedCgroups(IOptions<SimulationOptions> options, SimulatedMachine machine) : ICgroups
{
    public (string File, string Frozen)? NodeFreezer => null;

    public string PathOf(string sandbox) => sandbox;

    public TimeSpan CpuTime(string sandbox) => TimeSpan.Zero;

    public long Memory(string sandbox) => machine.Find(sandbox) is null ? 0 : options.Value.MemoryBytes;

    public bool Freeze(bool frozen)
    {
        machine.Freeze(frozen);
        return true;
    }

    public bool Freeze(string sandbox, bool frozen)
    {
        machine.Find(sandbox)?.Frost.Set(frozen);
        return true;
    }

    public bool Holds(string sandbox, int pid) => false;

    public void ThawAll()
    {
        // Nothing simulated outlives its agent.
    }

    public LimitHits LimitHits(string sandbox) => default;

    public void Remove(string? sandbox)
    {
        // A simulated sandbox has none.
    }

    public IReadOnlyCollection<string> List() => [];
}
