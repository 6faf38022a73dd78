namespace Substrate.State.Templates;

/// <summary>How far a template is on the way to being usable. The names are those shown to people.</summary>
public enum TemplatePhase
{
    /// <summary>Applied; the golden snapshot is still to be made.</summary>
    Pending = 0,

    /// <summary>A node starts the process and takes the golden snapshot.</summary>
    Building = 1,

    /// <summary>Actors of it can be activated.</summary>
    Ready = 2,

    /// <summary>The process could not be brought up; <see cref="TemplateRecord.Reason"/> says why.</summary>
    Failed = 3,
}

/// <summary>An applied template and its status.</summary>
public sealed record TemplateRecord
{
    public required TemplateKey Key { get; init; }

    /// <summary>Identity of this application of the manifest; snapshots and sandboxes are tied to it.</summary>
    public required string Uid { get; init; }

    public required TemplateSpec Spec { get; init; }

    /// <summary>The manifest as applied, so that it can be shown again.</summary>
    public string Manifest { get; init; } = "";

    public TemplatePhase Phase { get; init; }

    /// <summary>Why the phase is <see cref="TemplatePhase.Failed"/>, or why the last attempt is tried again; empty otherwise.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The process's last output when it failed; empty otherwise.</summary>
    public string LastOutput { get; init; } = "";

    /// <summary>What is being done while the phase is <see cref="TemplatePhase.Building"/>, in words; empty otherwise.</summary>
    public string Progress { get; init; } = "";

    /// <summary>Digest that the image resolved to, <c>sha256:…</c>; empty until known.</summary>
    public string ImageDigest { get; init; } = "";

    /// <summary>Snapshot id of the golden snapshot in the store; empty until made.</summary>
    public string GoldenSnapshot { get; init; } = "";

    /// <summary>Raw size of the golden snapshot in bytes.</summary>
    public long GoldenBytes { get; init; }

    /// <summary>True while somebody looks whether it can be deleted; no actor is created from it meanwhile.</summary>
    public bool Deleting { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
