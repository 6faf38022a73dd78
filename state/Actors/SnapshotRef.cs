namespace Substrate.State.Actors;

/// <summary>Where the newest committed snapshot of an actor is.</summary>
/// <param name="Id">Unique within the actor: <c>epoch-random</c>.</param>
/// <param name="Node">Node whose disk holds the raw copy; empty when none is known to.</param>
/// <param name="Stored">True when the snapshot store holds it, so that every node can restore it.</param>
/// <param name="Bytes">Raw size in bytes.</param>
public sealed record SnapshotRef(string Id, string Node, bool Stored, long Bytes);
