using Substrate.State.Actors;

namespace Substrate.NodeAgent.ComponentTests.Killed;

/// <summary>What the soak knows about one actor.</summary>
internal sealed class SoakActor(ActorKey key)
{
    public ActorKey Key => key;

    public bool Running { get; set; }

    /// <summary>What its memory holds.</summary>
    public long Count { get; set; }

    /// <summary>What its newest snapshot holds.</summary>
    public long Saved { get; set; }

    /// <summary>It came to rest with all it had.</summary>
    public void Rest() => (Running, Saved) = (false, Count);

    /// <summary>It fell back to its newest snapshot.</summary>
    public void Fall() => (Running, Count) = (false, Saved);
}
