namespace Substrate.NodeAgent.Images;

/// <summary>Where an image comes from.</summary>
internal enum ImageKind
{
    /// <summary>A directory in OCI image layout.</summary>
    Layout,

    /// <summary>A tar file of an OCI image layout.</summary>
    Archive,

    /// <summary>A registry that speaks the distribution protocol, version 2.</summary>
    Registry,
}

/// <summary>
/// A parsed <c>oci:DIRECTORY[:TAG][@sha256:…]</c>, <c>oci-archive:FILE[:TAG][@sha256:…]</c> or <c>docker://HOST/REPOSITORY[:TAG][@sha256:…]</c>.
/// Directories and files may hold no colon: what follows the first one is the tag.
/// </summary>
/// <param name="Text">The reference as it was given.</param>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Location">Absolute path of the layout or archive, or <c>HOST/REPOSITORY</c>.</param>
/// <param name="Tag">Tag in the registry, or value of <c>org.opencontainers.image.ref.name</c>; null when not named.</param>
/// <param name="Digest">Digest of the manifest or of a multi-platform index; null when not named.</param>
internal sealed record ImageReference(string Text, ImageKind Kind, string Location, string? Tag, string? Digest)
{
    private const string Form = "oci:DIRECTORY[:TAG][@sha256:…], oci-archive:FILE[:TAG][@sha256:…] or docker://HOST/REPOSITORY[:TAG][@sha256:…]";

    private static readonly (string Prefix, ImageKind Kind)[] Schemes =
        [("oci:", ImageKind.Layout), ("oci-archive:", ImageKind.Archive), ("docker://", ImageKind.Registry)];

    /// <summary>Host of the registry, with its port if one is named.</summary>
    public string Host => Location[..Location.IndexOf('/', StringComparison.Ordinal)];

    /// <exception cref="ImageException">It has another form.</exception>
    public static ImageReference Parse(string text)
    {
        var (prefix, kind) = Schemes.FirstOrDefault(scheme => text.StartsWith(scheme.Prefix, StringComparison.Ordinal));
        if (prefix is null)
        {
            throw Malformed(text);
        }

        var rest = text[prefix.Length..];
        string? digest = null;
        var at = rest.LastIndexOf("@sha256:", StringComparison.Ordinal);
        if (at >= 0)
        {
            digest = rest[(at + 1)..];
            rest = rest[..at];
            if (!ImageDigest.IsValid(digest))
            {
                throw new ImageException($"image '{text}': '{digest}' is not a digest; it must be sha256: and 64 characters of 0-9 and a-f");
            }
        }

        // The colon before a registry's port has a slash behind it.
        var colon = rest.IndexOf(':', kind == ImageKind.Registry ? rest.LastIndexOf('/') + 1 : 0);
        var tag = colon < 0 ? null : rest[(colon + 1)..];
        var location = colon < 0 ? rest : rest[..colon];
        if (location.Length == 0 || location.Contains('\0', StringComparison.Ordinal) || tag is { Length: 0 })
        {
            throw Malformed(text);
        }

        if (kind != ImageKind.Registry)
        {
            return new ImageReference(text, kind, Path.GetFullPath(location), tag, digest);
        }

        return location.IndexOf('/', StringComparison.Ordinal) > 0 && (tag ?? digest) is not null
            ? new ImageReference(text, kind, location, tag, digest)
            : throw Malformed(text);
    }

    private static ImageException Malformed(string text) => new($"image '{text}': it must have the form {Form}");
}
