using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Collects which parts of the records events tell of, for one watch.</summary>
internal sealed class ChangeSignal : IDisposable
{
    private readonly ActorEvents _events;
    private readonly int[] _changed = new int[Keys.RecordShards];
    private TaskCompletionSource _any = New();

    public ChangeSignal(ActorEvents events)
    {
        _events = events;
        _events.Changed += Mark;
    }

    /// <summary>True once for a part that events have told of.</summary>
    public bool Take(int shard) => Interlocked.Exchange(ref _changed[shard], 0) == 1;

    /// <summary>Waits for an event and a little longer for more.</summary>
    /// <returns>False when none came in time.</returns>
    public async Task<bool> WaitAsync(TimeSpan limit, TimeSpan gather, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Volatile.Read(ref _any).Task.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }

        await Task.Delay(gather, time, cancellationToken);

        // Renewed before the marks are taken, so that an event in between causes another look.
        Volatile.Write(ref _any, New());
        return true;
    }

    public void Dispose() => _events.Changed -= Mark;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Mark(ActorEvent change)
    {
        Volatile.Write(ref _changed[Keys.RecordShard(change.Key)], 1);
        Volatile.Read(ref _any).TrySetResult();
    }
}
