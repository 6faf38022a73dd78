using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Substrate.NodeAgent.Images;

/// <summary>
/// Reads a manifest's layers once before anything is unpacked: a damaged, oversized or hostile layer is refused with a reason that names it, and
/// nothing of it touches the disk. That unpacking stays inside its directory does not depend on this; umoci sees to that.
/// </summary>
internal sealed class LayerScan(ImageLayout layout, ImageLimits limits)
{
    private const string Plain = "application/vnd.oci.image.layer.v1.tar";
    private const string Gzip = Plain + "+gzip";

    private long _total;

    /// <exception cref="ImageException">A layer cannot be used.</exception>
    public async Task CheckAsync(IEnumerable<Descriptor> layers, CancellationToken cancellation)
    {
        foreach (var layer in layers)
        {
            await CheckAsync(layer, cancellation);
        }
    }

    private async Task CheckAsync(Descriptor layer, CancellationToken cancellation)
    {
        if (layer.MediaType is not (Plain or Gzip))
        {
            throw layout.Wrong($"its layer {layer.Digest} has media type '{layer.MediaType}'; only {Plain} and {Gzip} can be unpacked");
        }

        await using var file = layout.OpenBlob(layer.Digest);
        if (file.Length != layer.Size)
        {
            throw layout.Wrong(string.Create(
                CultureInfo.InvariantCulture, $"its layer {layer.Digest} has {file.Length} bytes where its manifest says {layer.Size}: it is damaged"));
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var packed = new MeteredStream(file, hash, check: null);
        await ReadEntriesAsync(layer, packed, cancellation);
        // What follows the end of the archive belongs to the digest as well.
        await packed.CopyToAsync(Stream.Null, cancellation);
        var actual = ImageDigest.Of(hash);
        if (actual != layer.Digest)
        {
            throw layout.Wrong($"the content of its layer {layer.Digest} has digest {actual}: it is damaged");
        }
    }

    private async Task ReadEntriesAsync(Descriptor layer, MeteredStream packed, CancellationToken cancellation)
    {
        await using Stream unpacked = layer.MediaType == Gzip ? new GZipStream(packed, CompressionMode.Decompress, leaveOpen: true) : packed;
        var before = _total;
        await using var metered = new MeteredStream(unpacked, hash: null, count => Limit(layer, packed.Count, count, before + count));
        try
        {
            await using var reader = new TarReader(metered, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                Check(layer, entry);
            }
        }
        catch (NotSupportedException e)
        {
            // The reader knows every type of entry that builders of images write; what is left is sparse files and volume labels.
            throw layout.Wrong($"its layer {layer.Digest} has an entry of a kind that images do not have: {e.Message}", e);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or EndOfStreamException)
        {
            throw layout.Wrong($"its layer {layer.Digest} is not a readable tar archive: {e.Message}", e);
        }

        _total = before + metered.Count;
    }

    private void Limit(Descriptor layer, long packed, long unpacked, long total)
    {
        if (total > limits.Bytes)
        {
            throw layout.Wrong(string.Create(
                CultureInfo.InvariantCulture, $"unpacked it is larger than the {limits.Bytes} bytes that Node:ImageBytes allows one image"));
        }

        if (unpacked > ImageLimits.GrowthFrom && unpacked > ImageLimits.MostGrowth * Math.Max(1, packed))
        {
            throw layout.Wrong(string.Create(
                CultureInfo.InvariantCulture,
                $"its layer {layer.Digest} unpacks to more than {ImageLimits.MostGrowth} times its {layer.Size} bytes, as only emptiness does"));
        }
    }

    private void Check(Descriptor layer, TarEntry entry)
    {
        if (Climbs(entry.Name))
        {
            throw layout.Wrong($"its layer {layer.Digest} has an entry that leads out of the image: '{Shown(entry.Name)}'");
        }

        if (entry.EntryType == TarEntryType.HardLink && Climbs(entry.LinkName))
        {
            throw layout.Wrong($"its layer {layer.Digest} has a hard link that leads out of the image: '{Shown(entry.Name)}' to '{Shown(entry.LinkName)}'");
        }

        // No builder of images writes them, and their true size stands where not every reader looks.
        if (entry is PaxTarEntry pax && pax.ExtendedAttributes.Keys.Any(static key => key.StartsWith("GNU.sparse.", StringComparison.Ordinal)))
        {
            throw layout.Wrong($"its layer {layer.Digest} has a sparse file, '{Shown(entry.Name)}': write the layer without sparse files");
        }
    }

    // A symbolic link may point anywhere: it is followed inside the sandbox only, from the image's own root.
    private static bool Climbs(string path)
    {
        var depth = 0;
        foreach (var part in path.Split('/'))
        {
            depth += part switch { "" or "." => 0, ".." => -1, _ => 1 };
            if (depth < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string Shown(string name) => string.Concat(name.Where(static c => !char.IsControl(c)).Take(200));
}
