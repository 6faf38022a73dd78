namespace Substrate.NodeAgent.Actors;

/// <summary>When an actor was last seen at work. Written by the monitor, read by everyone.</summary>
internal sealed class Activity(long now)
{
    private long _busyAt = now;
    private long _packetAt = now;
    private long _protectedUntil;
    private int _busy;

    /// <summary>Timestamp at which a connection was open or CPU was used.</summary>
    public long BusyAt => Volatile.Read(ref _busyAt);

    /// <summary>Timestamp at which a packet was last seen.</summary>
    public long PacketAt => Volatile.Read(ref _packetAt);

    /// <summary>Timestamp until which an eviction is not tried again.</summary>
    public long ProtectedUntil
    {
        get => Volatile.Read(ref _protectedUntil);
        set => Volatile.Write(ref _protectedUntil, value);
    }

    /// <summary>True when the last look found work.</summary>
    public bool Busy => Volatile.Read(ref _busy) != 0;

    /// <summary>Packets and CPU time at the last look; the monitor's own.</summary>
    public long Packets { get; set; }

    public TimeSpan CpuTime { get; set; }

    public void Saw(bool busy, bool packets, long now)
    {
        Volatile.Write(ref _busy, busy ? 1 : 0);
        if (busy)
        {
            Volatile.Write(ref _busyAt, now);
        }

        if (packets)
        {
            Volatile.Write(ref _packetAt, now);
        }
    }
}
