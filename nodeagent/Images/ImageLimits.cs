namespace Substrate.NodeAgent.Images;

/// <summary>What an image may cost this node.</summary>
/// <param name="Bytes">Most bytes of one image, unpacked.</param>
internal sealed record ImageLimits(long Bytes)
{
    /// <summary>
    /// Times that a layer may grow by unpacking. Programs and libraries grow three- to tenfold; only emptiness written to fill a disk grows more.
    /// </summary>
    public const long MostGrowth = 100;

    /// <summary>Growth counts from here: a small layer may well be one run of zeros.</summary>
    public const long GrowthFrom = 256L * 1024 * 1024;

    public static ImageLimits Default { get; } = new(16L * 1024 * 1024 * 1024);
}
