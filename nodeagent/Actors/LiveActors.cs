using System.Collections.Concurrent;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.Actors;

/// <summary>The actors that are live on this node, at most one activation of each.</summary>
internal sealed class LiveActors
{
    private readonly ConcurrentDictionary<ActorKey, LiveActor> _actors = new();

    public ICollection<LiveActor> All => _actors.Values;

    public LiveActor? Find(ActorKey key) => _actors.GetValueOrDefault(key);

    /// <summary>Adds an activation; false when there is one of that actor already.</summary>
    public bool TryAdd(LiveActor actor) => _actors.TryAdd(actor.Key, actor);

    /// <summary>Removes this activation, and no other one of the actor.</summary>
    public bool Remove(LiveActor actor) => _actors.TryRemove(new(actor.Key, actor));
}
