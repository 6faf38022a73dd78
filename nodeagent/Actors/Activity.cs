namespace Substrate.NodeAgent.Actors;

/// <summary>When an actor was last seen at work. Written by the monitor and by whoever wakes the actor, read by everyone. Times are timestamps.</summary>
internal sealed class Activity(long now)
{
    private long _busyAt = now;
    private long _packetAt = now;
    private long _packets;
    private long _protectedUntil;
    private long _keepAwakeUntil;
    private int _busy;

    /// <summary>When it last worked.</summary>
    public long BusyAt => Volatile.Read(ref _busyAt);

    /// <summary>When a packet was last seen, or it computed.</summary>
    public long PacketAt => Volatile.Read(ref _packetAt);

    /// <summary>Packets sent to it up to <see cref="PacketAt"/>.</summary>
    public long Packets => Volatile.Read(ref _packets);

    /// <summary>Until when an eviction is not tried again.</summary>
    public long ProtectedUntil
    {
        get => Volatile.Read(ref _protectedUntil);
        set => Volatile.Write(ref _protectedUntil, value);
    }

    /// <summary>Until when somebody asked for it to count as busy, whatever it does.</summary>
    public long KeepAwakeUntil => Volatile.Read(ref _keepAwakeUntil);

    /// <summary>True when the last look found work.</summary>
    public bool Busy => Volatile.Read(ref _busy) != 0;

    /// <summary>What the last look found; the monitor's own.</summary>
    public Sight Last { get; set; }

    /// <summary>Keeps it awake until a time; a shorter wish does not shorten a longer one.</summary>
    public void KeepAwake(long until)
    {
        long seen;
        while ((seen = Volatile.Read(ref _keepAwakeUntil)) < until && Interlocked.CompareExchange(ref _keepAwakeUntil, until, seen) != seen)
        {
            // Somebody else's wish came in between.
        }
    }

    /// <summary>Notes how many packets it has got; when there are more than before, they came by now.</summary>
    public void SawPackets(long packets, long now)
    {
        if (Interlocked.Exchange(ref _packets, packets) != packets)
        {
            Volatile.Write(ref _packetAt, now);
        }
    }

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
