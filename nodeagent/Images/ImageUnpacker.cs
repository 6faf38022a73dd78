using System.Text.Json;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Images;

/// <summary>Unpacks one manifest's layers, looked through before, by <c>umoci</c>, which keeps whatever they hold inside the target directory.</summary>
internal sealed class ImageUnpacker(ICommandRunner commands, ImageLimits limits)
{
    private static readonly TimeSpan UnpackTimeout = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan CleanTimeout = TimeSpan.FromMinutes(1);

    /// <summary>Unpacks <paramref name="manifest"/> into <paramref name="rootfs"/>, which must not exist yet.</summary>
    /// <param name="layout">Layout that holds the blobs.</param>
    /// <param name="manifest">What to unpack.</param>
    /// <param name="scratch">Empty directory for files in between.</param>
    /// <param name="rootfs">Directory to make.</param>
    /// <param name="cancellation">Ends it; what is there then is incomplete.</param>
    /// <exception cref="ImageException">A layer is broken, or umoci is missing.</exception>
    public async Task UnpackAsync(ImageLayout layout, ResolvedManifest manifest, string scratch, string rootfs, CancellationToken cancellation)
    {
        await new LayerScan(layout, limits).CheckAsync(manifest.Layers, cancellation);

        // A layout of our own with exactly this manifest in it: umoci finds images only by tag, and the tag may have moved on since.
        await WriteLayoutAsync(layout, manifest, scratch, cancellation);
        var unpacked = await commands.RunAsync("umoci", ["raw", "unpack", "--image", $"{scratch}:image", rootfs], UnpackTimeout, cancellation);
        Require(unpacked, "umoci");

        // A sandbox has devices of its own. Nodes for the host's devices have no business in an image that everyone shares.
        var cleaned = await commands.RunAsync(
            "find", [rootfs, "-xdev", "(", "-type", "b", "-o", "-type", "c", ")", "-delete"], CleanTimeout, cancellation);
        Require(cleaned, "find");

        void Require(CommandResult result, string tool)
        {
            if (!result.Succeeded)
            {
                throw layout.Wrong(result.Outcome == CommandOutcome.NotStarted
                    ? $"{tool} is needed to unpack images and cannot be started ({result.LastLine}); install it on the node, "
                        + $"on Debian and Ubuntu with: apt-get install {tool}"
                    : $"{tool} could not unpack it: {result.LastLine}");
            }
        }
    }

    private static async Task WriteLayoutAsync(ImageLayout layout, ResolvedManifest manifest, string scratch, CancellationToken cancellation)
    {
        var descriptor = new Descriptor
        {
            MediaType = "application/vnd.oci.image.manifest.v1+json",
            Digest = manifest.Digest,
            Size = manifest.Bytes,
            Annotations = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("org.opencontainers.image.ref.name", "image"),
        };
        var index = JsonSerializer.SerializeToNode(new LayoutDocument { Manifests = [descriptor] }, LayoutJson.Default.LayoutDocument)!;
        index["schemaVersion"] = 2;
        await File.WriteAllTextAsync(Path.Combine(scratch, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""", cancellation);
        await File.WriteAllTextAsync(Path.Combine(scratch, "index.json"), index.ToJsonString(), cancellation);
        File.CreateSymbolicLink(Path.Combine(scratch, "blobs"), Path.GetFullPath(layout.BlobsPath));
    }
}
