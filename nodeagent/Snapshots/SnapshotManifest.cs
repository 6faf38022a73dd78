using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>How the bytes of a file are kept.</summary>
internal enum SnapshotCompression
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("zstd")]
    Zstd,
}

/// <summary>What whoever takes a snapshot knows about it.</summary>
/// <param name="Epoch">Epoch of the activation that was checkpointed.</param>
/// <param name="TemplateUid">Template application that the process was started from.</param>
/// <param name="ImageDigest">Manifest digest of its image.</param>
/// <param name="Runtime">Version of the sandbox runtime that wrote the files.</param>
internal sealed record SnapshotFacts(long Epoch, string TemplateUid, string ImageDigest, string Runtime);

/// <summary>One file of a snapshot.</summary>
/// <param name="Name">Name of the file that the runtime wrote.</param>
/// <param name="RawBytes">Its size as the runtime wrote it.</param>
/// <param name="Hash">Hash of the content as the runtime wrote it, <c>xxh128:…</c>.</param>
/// <param name="StoredBytes">Its size here.</param>
/// <param name="Compression">How it is kept here.</param>
/// <param name="StoredHash">Hash of the bytes here, <c>sha256:…</c>; null where they are the raw ones.</param>
internal sealed record SnapshotFile(
    string Name, long RawBytes, string Hash, long StoredBytes, SnapshotCompression Compression, string? StoredHash = null)
{
    /// <summary>Name of the file on disk.</summary>
    public string StoredName => Compression == SnapshotCompression.Zstd ? $"{Name}.zst" : Name;
}

/// <summary>Says what a snapshot is and what it consists of. Its presence makes the snapshot visible.</summary>
internal sealed record SnapshotManifest
{
    /// <summary>The format written here and the only one read.</summary>
    public const int CurrentFormat = 1;

    public required int FormatVersion { get; init; }

    public required string Owner { get; init; }

    public required string Id { get; init; }

    public required long Epoch { get; init; }

    public required string TemplateUid { get; init; }

    public required string ImageDigest { get; init; }

    public required string Runtime { get; init; }

    /// <summary>Machine architecture in the words of OCI images, for example <c>amd64</c>.</summary>
    public required string Architecture { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ImmutableArray<SnapshotFile> Files { get; init; }

    /// <summary>Sum of the raw sizes, in bytes.</summary>
    public long RawBytes => Files.Sum(static file => file.RawBytes);

    /// <summary>Sum of the sizes here, in bytes.</summary>
    public long StoredBytes => Files.Sum(static file => file.StoredBytes);
}
