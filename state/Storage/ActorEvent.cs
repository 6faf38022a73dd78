using Substrate.State.Actors;

namespace Substrate.State.Storage;

/// <summary>One change of an actor record, as a hint: it may come late, twice, or never.</summary>
/// <param name="Key">The actor.</param>
/// <param name="Version">Version of the record after the change; 0 when it was deleted.</param>
/// <param name="State">State after the change; <see cref="ActorState.Unspecified"/> when it was deleted.</param>
/// <param name="Epoch">Epoch after the change.</param>
public readonly record struct ActorEvent(ActorKey Key, long Version, ActorState State, long Epoch)
{
    /// <summary>Reads <c>atespace/name|version|state|epoch</c>.</summary>
    public static bool TryParse(string? text, out ActorEvent actorEvent)
    {
        actorEvent = default;
        var parts = text?.Split('|') ?? [];
        if (parts.Length != 4
            || !ActorKey.TryParse(parts[0], out var key)
            || !long.TryParse(parts[1], out var version)
            || !int.TryParse(parts[2], out var state)
            || !long.TryParse(parts[3], out var epoch))
        {
            return false;
        }

        actorEvent = new ActorEvent(key, version, (ActorState)state, epoch);
        return true;
    }
}
