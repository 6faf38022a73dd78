using System.Text.Json;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Simulation;

/// <summary>What a simulated actor answers: who it is, which activation, the caller's request id, and its memory: requests served so far.</summary>
internal sealed record SimulatedAnswer(string Actor, string Atespace, long Epoch, string RequestId, long Memory);

/// <summary>One simulated sandbox: a counter in memory that answers over HTTP, is checkpointed and restored.</summary>
/// <param name="id">Id with the runtime.</param>
/// <param name="pid">Its pid.</param>
/// <param name="ownerFile">File that says which activation it belongs to, read when it starts or is restored.</param>
/// <param name="network">Where it serves.</param>
internal sealed class SimulatedProcess(string id, int pid, string ownerFile, SimulatedNetwork network) : ISandboxProcess
{
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SandboxOwner _owner = new("", "", 0, "");
    private long _memory;
    private int _ended;

    public string Id => id;

    public int Pid => pid;

    public bool Alive => Volatile.Read(ref _ended) == 0;

    /// <summary>Requests served in all its lives.</summary>
    public long Memory => Volatile.Read(ref _memory);

    /// <summary>Whether it alone is frozen.</summary>
    public SimulatedFrost Frost { get; } = new();

    /// <summary>Begins to serve with what a checkpoint holds; 0 for a fresh process.</summary>
    public void Serve(long memory)
    {
        _owner = JsonSerializer.Deserialize<SandboxOwner>(File.ReadAllText(ownerFile)) ?? _owner;
        Volatile.Write(ref _memory, memory);
        network.Attach(this);
    }

    /// <summary>Counts one request and answers it.</summary>
    public SimulatedAnswer Answer(string requestId) =>
        new(_owner.Name, _owner.Atespace, _owner.Epoch, requestId, Interlocked.Increment(ref _memory));

    public Task Ended => _gone.Task;

    public Task<string> Cause => _gone.Task.ContinueWith(static _ => "the process exited", TaskScheduler.Default);

    public void Kill() => End();

    /// <summary>Ends at once: its connections are reset.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            network.Detach(this);
            _gone.SetResult();
        }
    }
}
