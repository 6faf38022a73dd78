using System.Formats.Tar;
using System.Text.RegularExpressions;

namespace Substrate.NodeAgent.Images;

/// <summary>
/// Takes the files of an OCI image layout out of a tar file. Only regular files with the names of a layout are taken, so there is nothing in
/// a hostile archive that could lead anywhere else.
/// </summary>
internal static partial class ImageArchive
{
    /// <summary>Extracts into <paramref name="directory"/>.</summary>
    /// <exception cref="ImageException">The file is not there or is no such archive.</exception>
    public static async Task ExtractAsync(ImageReference image, string directory, ImageLimits limits, CancellationToken cancellation)
    {
        if (!File.Exists(image.Location))
        {
            throw Wrong($"there is no file {image.Location} on this node");
        }

        Directory.CreateDirectory(Path.Combine(directory, "blobs", "sha256"));
        try
        {
            await using var file = File.OpenRead(image.Location);
            await using var metered = new MeteredStream(file, hash: null, count =>
            {
                if (count > limits.Bytes)
                {
                    throw Wrong($"{image.Location} is larger than the {limits.Bytes} bytes that Node:ImageBytes allows one image");
                }
            });
            await using var reader = new TarReader(metered, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                var name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && LayoutFile().IsMatch(name))
                {
                    await entry.ExtractToFileAsync(Path.Combine(directory, name), overwrite: true, cancellation);
                }
            }
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or ArgumentException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{image.Location} cannot be read as a tar archive: {e.Message}", e);
        }

        ImageException Wrong(string what, Exception? inner = null) => new($"image '{image.Text}': {what}", inner);
    }

    [GeneratedRegex(@"^(?:oci-layout|index\.json|blobs/sha256/[0-9a-f]{64})\z", RegexOptions.CultureInvariant)]
    private static partial Regex LayoutFile();
}
