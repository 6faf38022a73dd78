using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.ComponentTests.Images;

/// <summary>An OCI layout written by hand, and an image store beside it.</summary>
public sealed class LayoutFixture : IDisposable
{
    private readonly JsonArray _manifests = [];

    public string Root { get; } = Directory.CreateTempSubdirectory("images-").FullName;

    public string Layout => Path.Combine(Root, "layout");

    public string StorePath => Path.Combine(Root, "store");

    public static string Architecture => MachineArchitecture.Name;

    public LayoutFixture()
    {
        Directory.CreateDirectory(Path.Combine(Layout, "blobs/sha256"));
        File.WriteAllText(Path.Combine(Layout, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        WriteIndex();
    }

    internal ImageStore Store(ICommandRunner? commands = null) =>
        new(StorePath, commands ?? new CommandRunner(TimeProvider.System), NoRegistries, ImageLimits.Default, TimeProvider.System);

    internal static RegistryOptions NoRegistries { get; } = new("", "", TimeSpan.FromMinutes(1));

    /// <summary>Adds an image under a tag; its descriptor.</summary>
    internal JsonObject AddImage(string? tag, string? architecture = null, JsonObject? process = null, params TarLayer[] layers)
    {
        var descriptor = WriteImage(architecture ?? Architecture, process ?? [], layers);
        Add(tag, descriptor);
        return descriptor;
    }

    /// <summary>Writes the blobs of an image and puts it into no index.</summary>
    internal JsonObject WriteImage(string architecture, JsonObject process, params TarLayer[] layers)
    {
        var tars = layers.Select(static layer => layer.ToArray()).ToArray();
        var config = new JsonObject
        {
            ["architecture"] = architecture,
            ["os"] = "linux",
            ["config"] = process,
            ["rootfs"] = new JsonObject
            {
                ["type"] = "layers",
                ["diff_ids"] = new JsonArray([.. tars.Select(static tar => JsonValue.Create(Digest(tar)))]),
            },
        };
        return WriteJson("application/vnd.oci.image.manifest.v1+json", new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
            ["config"] = WriteJson("application/vnd.oci.image.config.v1+json", config),
            ["layers"] = new JsonArray([.. tars.Select(tar => (JsonNode)WriteBlob("application/vnd.oci.image.layer.v1.tar", tar))]),
        });
    }

    internal JsonObject WriteIndexBlob(params (string Architecture, JsonObject Descriptor)[] images) => WriteJson(
        "application/vnd.oci.image.index.v1+json",
        new JsonObject
        {
            ["schemaVersion"] = 2,
            ["manifests"] = new JsonArray([.. images.Select(static image => (JsonNode)WithPlatform(image.Descriptor, image.Architecture))]),
        });

    internal static JsonObject WithPlatform(JsonObject descriptor, string architecture)
    {
        var copy = descriptor.DeepClone().AsObject();
        copy["platform"] = new JsonObject { ["architecture"] = architecture, ["os"] = "linux" };
        return copy;
    }

    internal void Add(string? tag, JsonObject descriptor)
    {
        var copy = descriptor.DeepClone().AsObject();
        if (tag is not null)
        {
            foreach (var old in _manifests.Where(m => m!["annotations"]?["org.opencontainers.image.ref.name"]?.ToString() == tag).ToArray())
            {
                _manifests.Remove(old);
            }

            copy["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = tag };
        }

        _manifests.Add((JsonNode)copy);
        WriteIndex();
    }

    internal JsonObject WriteJson(string type, JsonObject content) => WriteBlob(type, Encoding.UTF8.GetBytes(content.ToJsonString()));

    internal JsonObject WriteBlob(string type, byte[] content)
    {
        File.WriteAllBytes(BlobPath(Digest(content)), content);
        return new JsonObject { ["mediaType"] = type, ["digest"] = Digest(content), ["size"] = content.Length };
    }

    internal string BlobPath(string digest) => Path.Combine(Layout, "blobs/sha256", digest["sha256:".Length..]);

    internal static string DigestOf(JsonObject descriptor) => descriptor["digest"]!.ToString();

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static string Digest(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private void WriteIndex() => File.WriteAllText(
        Path.Combine(Layout, "index.json"), new JsonObject { ["schemaVersion"] = 2, ["manifests"] = _manifests.DeepClone() }.ToJsonString());
}
