namespace Substrate.Proxy.Activation;

/// <summary>What waits: how many requests, and how many bytes they take.</summary>
internal readonly record struct Waiting(int Count, long Bytes)
{
    public Waiting Plus(long bytes) => new(Count + 1, Bytes + bytes);

    public Waiting Minus(long bytes) => new(Count - 1, Bytes - bytes);
}

/// <summary>
/// Decides whether one more request may be held. Beside the fixed bounds, an actor may hold no more than is still free in total (and an
/// atespace no more than twice that): however many requests come for one actor, there is a place for the first of any other.
/// Known from switches as sharing a buffer by dynamic thresholds.
/// </summary>
internal static class HoldRule
{
    private const int AtespaceShare = 2;

    /// <summary>Null when the request may be held.</summary>
    /// <param name="actor">What waits for its actor.</param>
    /// <param name="atespace">What waits for actors of its atespace.</param>
    /// <param name="total">What waits in all.</param>
    /// <param name="bytes">What holding the request takes.</param>
    /// <param name="bounds">The bounds.</param>
    public static HoldOutcome? Decide(Waiting actor, Waiting atespace, Waiting total, long bytes, ProxyOptions bounds)
    {
        var free = new Waiting(bounds.HeldTotal - total.Count, bounds.HeldBytesTotal - total.Bytes);
        if (free.Count <= 0 || free.Bytes < bytes)
        {
            return HoldOutcome.ProxyFull;
        }

        if (actor.Count >= Math.Min(bounds.HeldPerActor, free.Count) || Exceeds(actor, bytes, bounds.HeldBytesPerActor, free.Bytes))
        {
            return HoldOutcome.ActorFull;
        }

        return atespace.Count >= Math.Min(bounds.HeldPerAtespace, AtespaceShare * (long)free.Count)
            || Exceeds(atespace, bytes, bounds.HeldBytesPerAtespace, AtespaceShare * free.Bytes)
            ? HoldOutcome.AtespaceFull
            : null;
    }

    // The first request is let in whatever it takes: it fits into what is free.
    private static bool Exceeds(Waiting held, long bytes, long bound, long share) => held.Count > 0 && held.Bytes + bytes > Math.Min(bound, share);
}
