namespace Substrate.NodeAgent.Snapshots;

/// <summary>What is the matter with a snapshot.</summary>
internal enum SnapshotProblem
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Its content is not what was written, or not what its name says.</summary>
    Corrupt,

    /// <summary>It is whole, but this node cannot restore it.</summary>
    Incompatible,

    /// <summary>It is whole, but encrypted with a key that this node does not have.</summary>
    Locked,

    /// <summary>The place it is kept in cannot be read or written: not mounted, full, forbidden.</summary>
    StoreUnavailable,
}

/// <summary>A snapshot cannot be used or stored. The message names the snapshot, the file and the reason.</summary>
internal sealed class SnapshotException(SnapshotProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    public SnapshotProblem Problem { get; } = problem;

    public static SnapshotException Missing(SnapshotName name, string place) =>
        new(SnapshotProblem.Missing, $"snapshot {name} is not in {place}");

    public static SnapshotException Corrupt(SnapshotName name, string file, string reason, Exception? inner = null) =>
        new(SnapshotProblem.Corrupt, $"snapshot {name} is damaged: {file}: {reason}", inner);

    public static SnapshotException Unavailable(SnapshotName name, string place, Exception cause) =>
        new(SnapshotProblem.StoreUnavailable, $"snapshot {name}: {place} cannot be used: {cause.Message}", cause);
}
