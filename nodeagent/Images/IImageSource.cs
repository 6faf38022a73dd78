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
}
