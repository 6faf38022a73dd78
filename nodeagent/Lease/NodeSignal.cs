namespace Substrate.NodeAgent.Lease;

/// <summary>Says that the node's room or life changed, so that the next renewal of the lease, which carries its status, comes soon.</summary>
internal sealed class NodeSignal
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Changed() => Volatile.Read(ref _changed).TrySetResult();

    /// <summary>A task that ends at the next change; changes before the call are forgotten.</summary>
    public Task NextAsync()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _changed, next);
        return next.Task;
    }
}
