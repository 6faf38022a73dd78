namespace Substrate.NodeAgent.Images;

/// <summary>A parsed <c>oci:DIRECTORY[:TAG][@sha256:…]</c>. The directory may hold no colon: what follows the first one is the tag.</summary>
/// <param name="Text">The reference as it was given.</param>
/// <param name="Directory">Absolute path of an OCI image layout.</param>
/// <param name="Tag">Value of <c>org.opencontainers.image.ref.name</c>; null when not named.</param>
/// <param name="Digest">Digest of the manifest or of a multi-platform index; null when not named.</param>
internal sealed record ImageReference(string Text, string Directory, string? Tag, string? Digest)
{
    private const string Form = "oci:DIRECTORY[:TAG][@sha256:…]";

    /// <exception cref="ImageException">It has another form.</exception>
    public static ImageReference Parse(string text)
    {
        if (!text.StartsWith("oci:", StringComparison.Ordinal))
        {
            throw new ImageException(
                $"image '{text}': only OCI image layouts on disk can be used, in the form {Form}; "
                + "make one with: skopeo copy docker://NAME oci:DIRECTORY:TAG");
        }

        var rest = text["oci:".Length..];
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

        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var tag = colon < 0 ? null : rest[(colon + 1)..];
        var directory = colon < 0 ? rest : rest[..colon];
        if (directory.Length == 0 || directory.Contains('\0', StringComparison.Ordinal) || tag is { Length: 0 })
        {
            throw new ImageException($"image '{text}': it must have the form {Form}");
        }

        return new ImageReference(text, Path.GetFullPath(directory), tag, digest);
    }
}
