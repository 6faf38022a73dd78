using System.Collections.Immutable;

namespace Substrate.NodeAgent.Images;

/// <summary>A manifest of a layout, chosen and verified.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="Config">The verified bytes of its configuration blob.</param>
/// <param name="Bytes">Its own size.</param>
/// <param name="Layers">Its layers, lowest first.</param>
internal sealed record ResolvedManifest(string Digest, long Bytes, byte[] Config, ImmutableArray<Descriptor> Layers);

/// <summary>Finds the one manifest that a reference means on this machine.</summary>
internal sealed class ImageResolver(ImageReference image, ImageLayout layout)
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";

    // An index may name an index; deeper than this it is a trap.
    private const int MaxDepth = 4;

    /// <param name="expectedDigest">Manifest digest resolved before, which holds even if the tag has moved on; null to resolve.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ImageException">There is no such manifest, or it is not for this machine.</exception>
    public async Task<ResolvedManifest> ResolveAsync(string? expectedDigest, CancellationToken cancellation)
    {
        var index = await layout.ReadIndexAsync(cancellation);
        var digest = expectedDigest ?? image.Digest ?? Choose(index).Digest;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var content = await layout.ReadBlobAsync(digest, cancellation);
            var document = layout.ParseDocument(content, digest);
            if (document.Manifests is { } manifests)
            {
                digest = ForThisMachine([.. manifests]).Digest;
                continue;
            }

            return new ResolvedManifest(
                digest, content.Length, await ReadConfigAsync(digest, document, cancellation), [.. (document.Layers ?? []).OfType<Descriptor>()]);
        }

        throw layout.Wrong($"its indexes are nested more than {MaxDepth} deep");
    }

    private async Task<byte[]> ReadConfigAsync(string digest, LayoutDocument manifest, CancellationToken cancellation)
    {
        if (manifest.Config is null || manifest.Layers is null)
        {
            throw layout.Wrong($"{digest} is neither an image manifest nor an index");
        }

        if (manifest.MediaType is not (null or "" or ManifestType))
        {
            throw layout.Wrong($"its manifest has media type {manifest.MediaType}; convert it with: skopeo copy --format oci SOURCE oci:DIRECTORY:TAG");
        }

        var content = await layout.ReadBlobAsync(manifest.Config.Digest, cancellation);
        var config = layout.Parse(content, manifest.Config.Digest, LayoutJson.Default.ConfigDocument);
        if (config.OperatingSystem != "linux" || config.Architecture != MachineArchitecture.Name)
        {
            throw WrongArchitecture($"{config.OperatingSystem}/{config.Architecture}");
        }

        return content;
    }

    private Descriptor Choose(LayoutDocument index)
    {
        var all = index.Manifests ?? [];
        Descriptor[] named = [.. image.Tag is null ? all : all.Where(d => d.Tag == image.Tag)];
        if (named.Length == 1)
        {
            return named[0];
        }

        var tags = string.Join(", ", all.Select(static d => d.Tag).OfType<string>().Distinct().Order(StringComparer.Ordinal));
        if (named.Length == 0)
        {
            throw layout.Wrong(
                all.Length == 0 ? "the layout holds no image at all"
                : tags.Length == 0 ? $"there is no tag '{image.Tag}': the layout has no tags; leave the tag out"
                : $"there is no tag '{image.Tag}'; the layout has: {tags}");
        }

        // Several manifests may be one image for several machines, written without an index of their own.
        return named.All(static d => d.Platform is not null) && named.Select(static d => d.Tag).Distinct().Count() == 1
            ? ForThisMachine(named)
            : throw layout.Wrong(image.Tag is null
                ? $"the layout holds {named.Length} images; name one by its tag: {(tags.Length == 0 ? "they have none, use @sha256:…" : tags)}"
                : $"the layout holds {named.Length} images with tag '{image.Tag}'; name one by @sha256:…");
    }

    private Descriptor ForThisMachine(IReadOnlyList<Descriptor> manifests) =>
        PlatformChoice.ForThisMachine(manifests) ?? throw WrongArchitecture(PlatformChoice.Describe(manifests));

    private ImageException WrongArchitecture(string there) => layout.Wrong(PlatformChoice.Problem(there));
}
