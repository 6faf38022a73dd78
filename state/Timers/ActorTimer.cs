namespace Substrate.State.Timers;

/// <summary>Something that wakes an actor at a time, once or again and again. Times are the store's.</summary>
public sealed record ActorTimer
{
    public required string Atespace { get; init; }

    public required string Actor { get; init; }

    /// <summary>Name within the actor, a DNS-1123 label.</summary>
    public required string Name { get; init; }

    /// <summary>When it wakes the actor, once; null for a cron timer.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Cron expression of five fields, or six with seconds first; empty for a timer that wakes once.</summary>
    public string Cron { get; init; } = "";

    /// <summary>IANA name of the zone that <see cref="Cron"/> is read in; empty for UTC.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>When it is due next.</summary>
    public DateTimeOffset Due { get; init; }

    /// <summary>Attempts since it was due that came to nothing.</summary>
    public int Failures { get; init; }

    /// <summary>What came of the last attempt; empty when it went well.</summary>
    public string Problem { get; init; } = "";
}
