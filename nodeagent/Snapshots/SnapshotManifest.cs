using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>How the bytes of a file are kept.</summary>
internal enum SnapshotEncoding
{
    /// <summary>As the runtime wrote them.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>One zstd frame.</summary>
    [JsonStringEnumMemberName("zstd")]
    Zstd,

    /// <summary>One zstd frame with the base's file as prefix.</summary>
    [JsonStringEnumMemberName("zstd-prefix")]
    Prefix,

    /// <summary>Blocks of pages against the base's file.</summary>
    [JsonStringEnumMemberName("pages")]
    Pages,
}

/// <summary>What whoever takes a snapshot knows about it.</summary>
/// <param name="Epoch">Epoch of the activation that was checkpointed.</param>
/// <param name="TemplateUid">Template application that the process was started from.</param>
/// <param name="ImageDigest">Manifest digest of its image.</param>
/// <param name="Runtime">Version of the sandbox runtime that wrote the files.</param>
internal sealed record SnapshotFacts(long Epoch, string TemplateUid, string ImageDigest, string Runtime)
{
    /// <summary>Hash of the runtime's binary, <c>sha256:…</c>; empty when unknown.</summary>
    public string RuntimeHash { get; init; } = "";

    /// <summary>Hash of the template's specification, <c>sha256:…</c>; empty when unknown.</summary>
    public string TemplateHash { get; init; } = "";

    /// <summary>Id of the snapshot that the process was restored from; empty for the golden one or a fresh start.</summary>
    public string Parent { get; init; } = "";
}

/// <summary>The sandbox runtime that wrote a snapshot.</summary>
/// <param name="Name">Always <c>runsc</c>.</param>
/// <param name="Version">As it prints it.</param>
/// <param name="Hash">Of its binary, <c>sha256:…</c>; empty when unknown.</param>
internal sealed record SnapshotRuntime(string Name, string Version, string Hash);

/// <summary>How a stored snapshot is encrypted: AES-256-GCM in segments under a key of its own.</summary>
/// <param name="Algorithm">Always <c>AES-256-GCM/64K</c>.</param>
/// <param name="Key">Name of the key that the snapshot's own key is wrapped with.</param>
/// <param name="Wrapped">The snapshot's own key, wrapped; base64.</param>
internal sealed record SnapshotEncryption(string Algorithm, string Key, string Wrapped)
{
    public const string Aes256Gcm = "AES-256-GCM/64K";
}

/// <summary>One file of a snapshot.</summary>
/// <param name="Name">Name of the file that the runtime wrote.</param>
/// <param name="RawBytes">Its size as the runtime wrote it.</param>
/// <param name="Hash">Hash of the content as the runtime wrote it, <c>xxh128:…</c>.</param>
/// <param name="StoredBytes">Its size here.</param>
/// <param name="Encoding">How it is kept here.</param>
/// <param name="StoredHash">Hash of the bytes here, <c>sha256:…</c>; null where they are the raw ones.</param>
/// <param name="Object">Name of the object that holds it; null where it is the file's own.</param>
internal sealed record SnapshotFile(
    string Name, long RawBytes, string Hash, long StoredBytes, SnapshotEncoding Encoding, string? StoredHash = null, string? Object = null)
{
    /// <summary>Name of what holds it here, beside the manifest.</summary>
    public string StoredName => Object ?? Name;
}

/// <summary>Says what a snapshot is and what it consists of. Its presence makes the snapshot visible.</summary>
internal sealed record SnapshotManifest
{
    /// <summary>The format written here and the only one read.</summary>
    public const int CurrentFormat = 2;

    public required int FormatVersion { get; init; }

    public required string Owner { get; init; }

    public required string Id { get; init; }

    public required long Epoch { get; init; }

    public required string TemplateUid { get; init; }

    public required string ImageDigest { get; init; }

    /// <summary>Hash of the template's specification, <c>sha256:…</c>; empty when unknown.</summary>
    public string TemplateHash { get; init; } = "";

    /// <summary>Id of the snapshot of the same owner that the process was restored from; empty when there is none.</summary>
    public string Parent { get; init; } = "";

    public required SnapshotRuntime Runtime { get; init; }

    /// <summary>Machine architecture in the words of OCI images, for example <c>amd64</c>.</summary>
    public required string Architecture { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the snapshot that files here are packed against; null when each stands alone.</summary>
    public string? Base { get; init; }

    /// <summary>How the files here are encrypted; null when they are not.</summary>
    public SnapshotEncryption? Encryption { get; init; }

    public required ImmutableArray<SnapshotFile> Files { get; init; }

    /// <summary>Sum of the raw sizes, in bytes.</summary>
    public long RawBytes => Files.Sum(static file => file.RawBytes);

    /// <summary>Sum of the sizes here, in bytes.</summary>
    public long StoredBytes => Files.Sum(static file => file.StoredBytes);
}
