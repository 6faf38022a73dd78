namespace Substrate.NodeAgent.Images;

/// <summary>Where the images of sandboxes come from.</summary>
internal interface IImageSource
{
    /// <summary>The unpacked image, unpacked now if it was not yet.</summary>
    /// <param name="image">The template's image reference.</param>
    /// <param name="expectedDigest">Manifest digest it was resolved to before; null or empty to resolve it now.</param>
    /// <param name="cancellation">Ends the waiting; the unpacking goes on for others.</param>
    /// <exception cref="ImageException">It cannot be used; the message says why.</exception>
    Task<UnpackedImage> PrepareAsync(string image, string? expectedDigest, CancellationToken cancellation);

    /// <summary>How far a pull of this very reference is; null when there is none.</summary>
    PullProgress? Progress(string image);

    /// <summary>Removes images that nobody refers to.</summary>
    /// <param name="referred">Digests that templates or sandboxes refer to.</param>
    /// <param name="unused">Time since an image was last asked for, after which it may go.</param>
    /// <returns>Digests of what was removed.</returns>
    IReadOnlyList<string> Collect(IReadOnlySet<string> referred, TimeSpan unused);
}
