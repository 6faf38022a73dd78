namespace Substrate.Scheduler.Leadership;

/// <summary>The fencing token under which this process leads; goes with every write that a later leader's must not be overwritten by.</summary>
internal sealed class LeaderToken
{
    private long _current;

    /// <summary>The newest token; 0 before this process first leads.</summary>
    public long Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
