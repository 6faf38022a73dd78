using System.Text.Json;

namespace Substrate.NodeAgent.Images;

/// <summary>A manifest in a registry that is for this machine.</summary>
/// <param name="Digest">Its digest in the registry.</param>
/// <param name="Bytes">Size of its blobs as the registry keeps them.</param>
internal sealed record RegistryManifest(string Digest, long Bytes);

/// <summary>Finds the one manifest of a registry that a reference means on this machine.</summary>
internal sealed class RegistryResolver(ImageReference image, Registry registry)
{
    private const int MaxDepth = 4;

    /// <param name="expectedDigest">Digest resolved before, which holds even if the tag has moved on; null to resolve.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ImageException">There is no such manifest, or it is not for this machine.</exception>
    public async Task<RegistryManifest> ResolveAsync(string? expectedDigest, CancellationToken cancellation)
    {
        var digest = expectedDigest ?? image.Digest;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var content = await registry.ReadManifestAsync(image, digest, cancellation);
            var actual = ImageDigest.Of(content);
            if (digest is not null && actual != digest)
            {
                throw Wrong($"the registry answered {digest} with content whose digest is {actual}");
            }

            var document = Parse(content);
            if (document.Manifests is not { } manifests)
            {
                return document.Config is { } config && document.Layers is { } layers
                    ? new RegistryManifest(actual, config.Size + layers.Sum(static layer => Math.Max(0, layer.Size)))
                    : throw Wrong($"what the registry answered is neither an image manifest nor an index{(document.MediaType is { } type ? $": it has media type '{type}'" : "")}");
            }

            digest = PlatformChoice.ForThisMachine([.. manifests])?.Digest ?? throw Wrong(PlatformChoice.Problem(PlatformChoice.Describe(manifests)));
            if (!ImageDigest.IsValid(digest))
            {
                throw Wrong($"its index refers to a manifest by '{digest}', which is not a sha256 digest");
            }
        }

        throw Wrong($"its indexes are nested more than {MaxDepth} deep");
    }

    private LayoutDocument Parse(byte[] content)
    {
        try
        {
            var document = JsonSerializer.Deserialize(content, LayoutJson.Default.LayoutDocument);
            return document is not null && document.Manifests?.Contains(null!) != true ? document : throw Wrong("the registry answered with an empty manifest");
        }
        catch (JsonException e)
        {
            throw Wrong(
                content.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("<"u8)
                    ? "the registry answers with a web page and not with the registry protocol"
                    : $"what the registry answered is not a manifest ({e.Message})",
                e);
        }
    }

    private ImageException Wrong(string what, Exception? inner = null) => new($"image '{image.Text}': {what}", inner);
}
