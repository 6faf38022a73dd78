using System.Collections.Concurrent;

namespace Substrate.NodeAgent.Simulation;

/// <summary>What the simulated parts of one node share: its processes, its networks, and whether everything is frozen.</summary>
internal sealed class SimulatedMachine
{
    private readonly ConcurrentDictionary<string, SimulatedProcess> _processes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, SimulatedProcess> _pids = new();
    private readonly ConcurrentDictionary<string, SimulatedNetwork> _networks = new(StringComparer.Ordinal);
    private readonly SimulatedFrost _frost = new();
    private int _lastPid;

    public ICollection<SimulatedProcess> Processes => _processes.Values;

    /// <summary>Ends when nothing is frozen any more.</summary>
    public Task Thawed => _frost.Thawed;

    public SimulatedProcess? Find(string id) => _processes.GetValueOrDefault(id);

    public SimulatedProcess? Find(int pid) => _pids.GetValueOrDefault(pid);

    public SimulatedNetwork? Network(string name) => _networks.GetValueOrDefault(name);

    public void Add(SimulatedNetwork network) => _networks[network.SandboxNamespace] = network;

    public void Remove(SimulatedNetwork network) => _networks.TryRemove(network.SandboxNamespace, out _);

    /// <summary>A process of its own pid, which no process of the machine can have: pids end at 4,194,304.</summary>
    public int NextPid() => 1_000_000_000 + Interlocked.Increment(ref _lastPid);

    public void Add(SimulatedProcess process) => (_processes[process.Id], _pids[process.Pid]) = (process, process);

    public void Remove(SimulatedProcess process)
    {
        process.End();
        _processes.TryRemove(process.Id, out _);
        _pids.TryRemove(process.Pid, out _);
    }

    public void Freeze(bool frozen) => _frost.Set(frozen);
}
