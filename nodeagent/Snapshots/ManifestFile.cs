using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Substrate.NodeAgent.Files;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>
/// <c>manifest.json</c>: <c>{"checksum":"sha256:HEX","manifest":{…}}</c>. The checksum covers the manifest's own bytes, so that damage to
/// it is noticed as surely as damage to the files it lists.
/// </summary>
internal static class ManifestFile
{
    public const string FileName = "manifest.json";

    public const int MaxBytes = 1024 * 1024;
    private const int HexLength = 64;
    private static readonly string CurrentFormat = SnapshotManifest.CurrentFormat.ToString(CultureInfo.InvariantCulture);
    private static readonly byte[] Suffix = "}\n"u8.ToArray();

    /// <summary>Writes the manifest into <paramref name="directory"/>, which had none, and flushes both.</summary>
    public static async Task WriteAsync(string directory, SnapshotManifest manifest, bool flush, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, FileName);
        await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(Format(manifest), cancellation);
        }

        if (flush)
        {
            Durability.Flush(path);
            Durability.Flush(directory);
        }
    }

    /// <summary>The content of the file.</summary>
    public static byte[] Format(SnapshotManifest manifest)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.SnapshotManifest);
        return [.. Prefix(body), .. body, .. Suffix];
    }

    /// <summary>Reads and checks everything that can be known without the files: form, checksum, format version, name.</summary>
    /// <exception cref="SnapshotException">It is missing, damaged, of another snapshot or of another format.</exception>
    public static async Task<SnapshotManifest> ReadAsync(string directory, SnapshotName name, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, FileName);
        byte[] content;
        try
        {
            content = new FileInfo(path).Length <= MaxBytes
                ? await File.ReadAllBytesAsync(path, cancellation)
                : throw SnapshotException.Corrupt(name, path, "it is larger than a manifest can be");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SnapshotException.Missing(name, directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Unavailable(name, directory, e);
        }

        return Parse(content, name, path);
    }

    /// <summary>Checks the content of a manifest that was found at <paramref name="path"/>.</summary>
    /// <exception cref="SnapshotException">It is damaged, of another snapshot or of another format.</exception>
    public static SnapshotManifest Parse(byte[] content, SnapshotName name, string path)
    {
        var body = Body(content) ?? throw SnapshotException.Corrupt(name, path, "its checksum does not match");
        try
        {
            CheckVersion(body, name, path);
            return Check(JsonSerializer.Deserialize(body, ManifestJson.Default.SnapshotManifest)!, name, path);
        }
        catch (JsonException e)
        {
            throw SnapshotException.Corrupt(name, path, e.Message, e);
        }
    }

    private static byte[]? Body(byte[] content)
    {
        var start = Prefix([]).Length;
        if (content.Length < start + Suffix.Length || !content.AsSpan().EndsWith(Suffix))
        {
            return null;
        }

        var body = content[start..^Suffix.Length];
        return content.AsSpan().StartsWith(Prefix(body)) ? body : null;
    }

    // Looked at before the rest: a later format may have other fields.
    private static void CheckVersion(byte[] body, SnapshotName name, string path)
    {
        var version = JsonNode.Parse(body)?["formatVersion"]?.ToJsonString();
        if (version != CurrentFormat)
        {
            throw new SnapshotException(
                SnapshotProblem.Incompatible,
                $"snapshot {name}: {path} has format version {version}, this node reads {CurrentFormat}; use a node of the version that wrote it");
        }
    }

    private static SnapshotManifest Check(SnapshotManifest manifest, SnapshotName name, string path)
    {
        if (manifest.Owner != name.Owner || manifest.Id != name.Id)
        {
            throw SnapshotException.Corrupt(name, path, $"it is the manifest of {manifest.Owner}/{manifest.Id}");
        }

        foreach (var file in manifest.Files)
        {
            if (!IsFileName(file.Name) || !IsFileName(file.StoredName) || file.RawBytes < 0 || file.StoredBytes < 0)
            {
                throw SnapshotException.Corrupt(name, path, $"it lists '{file.Name}', which cannot be a file of a snapshot");
            }
        }

        if (manifest.Files.Select(static f => f.Name).Distinct(StringComparer.Ordinal).Count() != manifest.Files.Length)
        {
            throw SnapshotException.Corrupt(name, path, "it lists a file twice");
        }

        return manifest.Base is null || SnapshotName.TryParse(manifest.Base, out _)
            ? manifest
            : throw SnapshotException.Corrupt(name, path, $"it names the base '{manifest.Base}', which is no snapshot");
    }

    /// <summary>True for a plain file name that cannot lead elsewhere and is not the manifest's.</summary>
    public static bool IsFileName(string name) =>
        name.Length is > 0 and <= 128
        && name[0] != '.'
        && name != FileName
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static byte[] Prefix(byte[] body)
    {
        var hex = body.Length == 0 ? new string('0', HexLength) : Convert.ToHexStringLower(SHA256.HashData(body));
        return Encoding.ASCII.GetBytes($$"""{"checksum":"sha256:{{hex}}","manifest":""");
    }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true,
    NewLine = "\n",
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SnapshotManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
