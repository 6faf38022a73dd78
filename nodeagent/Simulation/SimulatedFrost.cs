namespace Substrate.NodeAgent.Simulation;

/// <summary>Whether something simulated is frozen, and a task to wait on while it is.</summary>
internal sealed class SimulatedFrost
{
    private TaskCompletionSource _thawed = Done();

    /// <summary>Ends when it is not frozen any more.</summary>
    public Task Thawed => Volatile.Read(ref _thawed).Task;

    public void Set(bool frozen)
    {
        if (!frozen)
        {
            Volatile.Read(ref _thawed).TrySetResult();
        }
        else if (Thawed.IsCompleted)
        {
            Volatile.Write(ref _thawed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
