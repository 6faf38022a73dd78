using System.Runtime.InteropServices;
using Substrate.State.Actors;

namespace Substrate.Proxy.Activation;

/// <summary>Counts what waits, per actor, per atespace and in all. Its owner's lock guards it.</summary>
internal sealed class HoldLedger
{
    private readonly Dictionary<ActorKey, Waiting> _actors = [];
    private readonly Dictionary<string, Waiting> _atespaces = new(StringComparer.Ordinal);

    public Waiting Total { get; private set; }

    /// <summary>Takes a place; null on success, otherwise which bound is reached.</summary>
    public HoldOutcome? Take_NeedsLock(ActorKey key, long bytes, ProxyOptions bounds)
    {
        var (actor, atespace) = (_actors.GetValueOrDefault(key), _atespaces.GetValueOrDefault(key.Atespace));
        if (HoldRule.Decide(actor, atespace, Total, bytes, bounds) is { } full)
        {
            return full;
        }

        _actors[key] = actor.Plus(bytes);
        _atespaces[key.Atespace] = atespace.Plus(bytes);
        Total = Total.Plus(bytes);
        return null;
    }

    /// <summary>Gives a place back.</summary>
    public void Give_NeedsLock(ActorKey key, long bytes)
    {
        Give(_actors, key, bytes);
        Give(_atespaces, key.Atespace, bytes);
        Total = Total.Minus(bytes);
    }

    private static void Give<TKey>(Dictionary<TKey, Waiting> counts, TKey key, long bytes)
        where TKey : notnull
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrNullRef(counts, key);
        held = held.Minus(bytes);
        if (held.Count == 0)
        {
            counts.Remove(key);
        }
    }
}
