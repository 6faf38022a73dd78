using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Substrate.NodeAgent.Images;

/// <summary>Reads the small documents of an OCI image layout, each verified against the digest that named it.</summary>
/// <param name="text">The image's reference, for messages.</param>
/// <param name="directory">The layout.</param>
internal sealed class ImageLayout(string text, string directory)
{
    // Documents are a few kilobytes; a limit keeps a hostile layout from filling memory.
    private const long MaxDocumentBytes = 8 * 1024 * 1024;

    public string BlobsPath => Path.Combine(directory, "blobs");

    /// <exception cref="ImageException">There is no layout or its index cannot be read.</exception>
    public async Task<LayoutDocument> ReadIndexAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(directory))
        {
            throw Wrong($"there is no directory {directory} on this node; {Remedy}");
        }

        var path = Path.Combine(directory, "index.json");
        if (!File.Exists(path))
        {
            throw Wrong($"{directory} is not an OCI image layout: it has no index.json; {Remedy}");
        }

        return ParseDocument(await ReadFileAsync(path, cancellation), path);
    }

    /// <summary>The verified content of a blob.</summary>
    /// <exception cref="ImageException">It is missing or is not what its digest says.</exception>
    public async Task<byte[]> ReadBlobAsync(string digest, CancellationToken cancellation)
    {
        if (!ImageDigest.IsValid(digest))
        {
            throw Wrong($"it refers to a blob by '{digest}', which is not a sha256 digest; {Remedy}");
        }

        var path = Path.Combine(BlobsPath, "sha256", ImageDigest.Hex(digest));
        if (!File.Exists(path))
        {
            throw Wrong($"its layout {directory} does not hold {digest}; {Remedy}");
        }

        var content = await ReadFileAsync(path, cancellation);
        var actual = ImageDigest.Of(content);
        return actual == digest
            ? content
            : throw Wrong($"the content of {digest} has digest {actual}: the layout {directory} is damaged; {Remedy}");
    }

    /// <summary>A blob's file, to be read by streaming; its content is not verified yet.</summary>
    /// <exception cref="ImageException">It is missing.</exception>
    public FileStream OpenBlob(string digest)
    {
        if (!ImageDigest.IsValid(digest))
        {
            throw Wrong($"it refers to a blob by '{digest}', which is not a sha256 digest; {Remedy}");
        }

        try
        {
            return new FileStream(
                Path.Combine(BlobsPath, "sha256", ImageDigest.Hex(digest)), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"its layout {directory} does not hold {digest}; {Remedy}", e);
        }
    }

    /// <exception cref="ImageException">It is neither an index nor a manifest.</exception>
    public LayoutDocument ParseDocument(byte[] content, string name)
    {
        var document = Parse(content, name, LayoutJson.Default.LayoutDocument);
        return document.Manifests?.Contains(null!) == true ? throw Wrong($"{name} lists nothing where a manifest belongs; {Remedy}") : document;
    }

    /// <exception cref="ImageException">It is not the JSON expected.</exception>
    public T Parse<T>(byte[] content, string name, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw Wrong($"{name} is empty JSON; {Remedy}");
        }
        catch (JsonException e)
        {
            throw Wrong($"{name} is broken JSON ({e.Message}); {Remedy}", e);
        }
    }

    public ImageException Wrong(string what, Exception? inner = null) => new($"image '{text}': {what}", inner);

    private static string Remedy => "build the image again or copy it with: skopeo copy SOURCE oci:DIRECTORY:TAG";

    private async Task<byte[]> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            var bytes = new FileInfo(path).Length;
            return bytes <= MaxDocumentBytes
                ? await File.ReadAllBytesAsync(path, cancellation)
                : throw Wrong(string.Create(
                    CultureInfo.InvariantCulture, $"{path} has {bytes} bytes, more than the {MaxDocumentBytes} a document may have; {Remedy}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{path} cannot be read: {e.Message}", e);
        }
    }
}
