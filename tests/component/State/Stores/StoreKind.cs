namespace Substrate.State.ComponentTests.Stores;

/// <summary>The stores that everything has to work on alike.</summary>
public enum StoreKind
{
    Redis,

    /// <summary>Garnet in process, as the standalone mode hosts it.</summary>
    Embedded,

    /// <summary>Redis Cluster of three nodes.</summary>
    Cluster,
}
