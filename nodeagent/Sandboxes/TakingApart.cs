namespace Substrate.NodeAgent.Sandboxes;

/// <summary>Takes used sandboxes apart behind everyone's back: keeps their output, ends them, and frees their berths.</summary>
internal sealed class TakingApart(SandboxFactory factory, Berths berths, ActorLogs logs, ILogger<TakingApart> logger)
{
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _underWay = [];

    /// <summary>Raised when a berth came free, outside any lock.</summary>
    public event Action? Freed;

    /// <summary>True while no sandbox is being taken apart.</summary>
    public bool Quiet
    {
        get
        {
            lock (_lock)
            {
                return _underWay.Count == 0;
            }
        }
    }

    /// <summary>Begins to take a sandbox apart; only the first call for one does anything.</summary>
    public void Begin(Sandbox sandbox)
    {
        if (!sandbox.TryRetire())
        {
            return;
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _underWay.Add(done.Task);
        }

        _ = RunAsync(sandbox, done);
    }

    /// <summary>Waits until none is under way.</summary>
    public async Task EndAsync()
    {
        while (true)
        {
            Task[] underWay;
            lock (_lock)
            {
                underWay = [.. _underWay];
            }

            if (underWay.Length == 0)
            {
                return;
            }

            await Task.WhenAll(underWay);
        }
    }

    private async Task RunAsync(Sandbox sandbox, TaskCompletionSource done)
    {
        try
        {
            await logs.ArchiveAsync(sandbox);
        }
        catch (Exception e)
        {
            Log.RemovalFailed(logger, sandbox.Id, $"its output is lost: {e.Message}");
        }

        try
        {
            await factory.RetireAsync(sandbox);
        }
        catch (Exception e)
        {
            Log.RemovalFailed(logger, sandbox.Id, e.Message);
        }

        if (sandbox.Alive)
        {
            // Two sandboxes on one network could answer for each other: the berth stays closed until the next start sweeps it.
            Log.RemovalFailed(logger, sandbox.Id, "its process does not end; its place on the node is lost until the agent restarts");
        }
        else
        {
            berths.Free(sandbox.Berth);
        }

        lock (_lock)
        {
            _underWay.Remove(done.Task);
        }

        done.SetResult();
        Freed?.Invoke();
    }
}
