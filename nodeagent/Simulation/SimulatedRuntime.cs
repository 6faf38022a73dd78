using System.Globalization;
using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Runtime;

namespace Substrate.NodeAgent.Simulation;

/// <summary>A sandbox runtime whose sandboxes are objects of this process: no root, no kernel, with the delays and faults that are set.</summary>
internal sealed class SimulatedRuntime(IOptions<SimulationOptions> options, SimulatedMachine machine, TimeProvider time, Random random) : ISandboxRuntime
{
    private const string MemoryFile = "memory.img";

    private readonly SimulationOptions _options = options.Value;

    public Task<string> VersionAsync(CancellationToken cancellationToken) => Task.FromResult("simulated-1");

    public async Task CreateAsync(SandboxOrder order, CancellationToken cancellationToken)
    {
        await PassAsync(_options.Create, cancellationToken);
        var network = machine.Network(order.NetworkNamespace) ?? throw new RunscException($"simulated create failed: there is no network {order.NetworkNamespace}");
        var process = new SimulatedProcess(order.Id, machine.NextPid(), Path.Combine(order.Directory, "owner.json"), network);
        machine.Add(process);
        await File.WriteAllTextAsync(order.PidFile, process.Pid.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    public void Arm(string id)
    {
        // There is nothing to do ahead of time.
    }

    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        await PassAsync(_options.Start, cancellationToken);
        Find(id, "start").Serve(0);
    }

    public async Task RestoreAsync(string id, string image, CancellationToken cancellationToken)
    {
        await PassAsync(_options.Restore, cancellationToken);
        var process = Find(id, "restore");
        if (Happens(_options.FailedRestores))
        {
            machine.Remove(process);
            throw new RunscException("simulated restore failed: a fault was asked for");
        }

        process.Serve(long.Parse(await File.ReadAllTextAsync(Path.Combine(image, MemoryFile), cancellationToken), CultureInfo.InvariantCulture));
    }

    public async Task CheckpointAsync(string id, string image, CancellationToken cancellationToken)
    {
        await PassAsync(_options.Checkpoint, cancellationToken);
        var process = Find(id, "checkpoint");
        if (Happens(_options.FailedCheckpoints))
        {
            throw new RunscException("simulated checkpoint failed: a fault was asked for");
        }

        process.End();
        await File.WriteAllTextAsync(Path.Combine(image, MemoryFile), process.Memory.ToString(CultureInfo.InvariantCulture), cancellationToken);
    }

    public async Task CheckpointAsync(string id, CheckpointDirectory target, CancellationToken cancellationToken)
    {
        await CheckpointAsync(id, target.Image, cancellationToken);
        File.Move(target.Pending, target.Whole);
    }

    public Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (machine.Find(id) is { } process)
        {
            machine.Remove(process);
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. machine.Processes.Select(static p => p.Id)]);

    public ISandboxProcess Watch(int pid) => machine.Find(pid) ?? throw new RunscException($"there is no simulated process {pid}");

    private SimulatedProcess Find(string id, string verb) =>
        machine.Find(id) is { Alive: true } process ? process : throw new RunscException($"simulated {verb} failed: there is no sandbox {id}");

    private bool Happens(double share) => share > 0 && random.NextDouble() < share;

    private async Task PassAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await machine.Thawed.WaitAsync(cancellationToken);
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, time, cancellationToken);
        }
    }
}
