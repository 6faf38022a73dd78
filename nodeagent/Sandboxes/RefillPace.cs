namespace Substrate.NodeAgent.Sandboxes;

/// <summary>Keeps refilling behind activations: it costs CPU that an activation under way needs more.</summary>
internal sealed class RefillPace(TimeProvider time)
{
    /// <summary>What an actor's first answer takes once it is up; refilling stays out of its way.</summary>
    private static readonly TimeSpan FirstAnswer = TimeSpan.FromMilliseconds(30);

    /// <summary>How long refilling stands back at most: under steady load the node must not starve its own supply.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    private int _activations;
    private long _leftAt = time.GetTimestamp() - time.TimestampFrequency;

    /// <summary>Says that an activation is under way.</summary>
    public void Enter() => Interlocked.Increment(ref _activations);

    /// <summary>Says that it is over; its first request still has time to be answered.</summary>
    public void Leave()
    {
        Volatile.Write(ref _leftAt, time.GetTimestamp());
        Interlocked.Decrement(ref _activations);
    }

    /// <summary>Waits for a quiet moment, but not for ever.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while ((Volatile.Read(ref _activations) > 0 || time.GetElapsedTime(Volatile.Read(ref _leftAt)) < FirstAnswer)
            && time.GetElapsedTime(start) < LongestWait)
        {
            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
