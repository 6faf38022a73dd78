using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.Simulation;

/// <summary>Sees the next request that reaches a simulated slot.</summary>
internal sealed class SimulatedWatch : IPacketWatch
{
    private readonly TaskCompletionSource _seen = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Seen => _seen.Task;

    public void Saw() => _seen.TrySetResult();

    public void Dispose() => _seen.TrySetResult();
}
