using System.Collections.Concurrent;

namespace Substrate.NodeAgent.Images;

/// <summary>An image that lies in a layout on this disk now.</summary>
/// <param name="Digest">Digest it is known by: its manifest's, in the registry if it comes from one.</param>
/// <param name="Layout">Where it lies.</param>
/// <param name="Manifest">Its manifest there.</param>
internal sealed record FetchedImage(string Digest, ImageLayout Layout, ResolvedManifest Manifest);

/// <summary>Brings images that are in archives and registries into a layout on this disk, a few at a time.</summary>
internal sealed class ImageFetcher(Registry registry, ImageLimits limits)
{
    private const int AtOnce = 3;
    private const string PulledTag = "image";

    private readonly SemaphoreSlim _places = new(AtOnce);
    private readonly ConcurrentDictionary<string, (string Digest, long Total, string Directory, bool Unpacking)> _pulls = new(StringComparer.Ordinal);

    /// <summary>Digest of the manifest that a reference to a registry means on this machine.</summary>
    /// <exception cref="ImageException">There is none, or it is not for this machine.</exception>
    public async Task<RegistryManifest> ResolveAsync(ImageReference image, string? expectedDigest, CancellationToken cancellation)
    {
        var manifest = await new RegistryResolver(image, registry).ResolveAsync(expectedDigest, cancellation);
        if (manifest.Bytes > limits.Bytes)
        {
            throw new ImageException(
                $"image '{image.Text}': its {manifest.Bytes} bytes are more than the {limits.Bytes} bytes that Node:ImageBytes allows one image");
        }

        return manifest;
    }

    /// <summary>Copies one manifest of a registry into <paramref name="directory"/>, which must not exist yet.</summary>
    public async Task<FetchedImage> PullAsync(ImageReference image, RegistryManifest manifest, string directory, CancellationToken cancellation)
    {
        _pulls[image.Text] = (manifest.Digest, manifest.Bytes, directory, false);
        await _places.WaitAsync(cancellation);
        try
        {
            await registry.CopyAsync(image, manifest.Digest, directory, cancellation);
        }
        finally
        {
            _places.Release();
        }

        _pulls[image.Text] = (manifest.Digest, manifest.Bytes, directory, true);
        var layout = new ImageLayout(image.Text, directory);
        var inside = image with { Kind = ImageKind.Layout, Location = directory, Tag = PulledTag, Digest = null };
        return new FetchedImage(manifest.Digest, layout, await new ImageResolver(inside, layout).ResolveAsync(null, cancellation));
    }

    /// <summary>Takes an archive apart into <paramref name="directory"/>.</summary>
    public async Task<FetchedImage> ExtractAsync(ImageReference image, string? expectedDigest, string directory, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            await ImageArchive.ExtractAsync(image, directory, limits, cancellation);
        }
        finally
        {
            _places.Release();
        }

        var layout = new ImageLayout(image.Text, directory);
        var manifest = await new ImageResolver(image with { Kind = ImageKind.Layout, Location = directory }, layout).ResolveAsync(expectedDigest, cancellation);
        return new FetchedImage(manifest.Digest, layout, manifest);
    }

    /// <summary>The image is here, or will not be.</summary>
    public void End(ImageReference image) => _pulls.TryRemove(image.Text, out _);

    /// <summary>How far a pull is; null when there is none of that image.</summary>
    public PullProgress? Progress(string image) => _pulls.TryGetValue(image, out var pull)
        ? new PullProgress(pull.Digest, pull.Unpacking ? pull.Total : Math.Min(pull.Total, BytesIn(pull.Directory)), pull.Total, pull.Unpacking)
        : null;

    // skopeo tells its progress to terminals only; what has arrived is on the disk.
    private static long BytesIn(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            // It is being made or removed.
            return 0;
        }
    }
}
