using System.Net;
using System.Text;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Images;

/// <summary>Reads images from registries by <c>skopeo</c>, which verifies all it brings against the digest it was asked for.</summary>
internal sealed class Registry(ICommandRunner commands, RegistryOptions options)
{
    private const string SystemPolicy = "/etc/containers/policy.json";
    private static readonly TimeSpan ManifestLimit = TimeSpan.FromMinutes(1);

    /// <summary>The manifest or index, as the registry keeps it.</summary>
    /// <param name="image">Image in a registry.</param>
    /// <param name="digest">Digest to read; null for the tag's.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ImageException">The registry does not give it.</exception>
    public async Task<byte[]> ReadManifestAsync(ImageReference image, string? digest, CancellationToken cancellation)
    {
        string[] arguments =
        [
            .. Common(), "inspect", "--raw", "--retry-times", "2", .. Login("--authfile"), .. Insecure(image, "--tls-verify=false"), Source(image, digest),
        ];
        var result = await commands.RunAsync("skopeo", arguments, ManifestLimit, cancellation);
        return result.Succeeded ? Encoding.UTF8.GetBytes(result.Output) : throw RegistryFailure.Of(image, result);
    }

    /// <summary>Copies one manifest with its blobs into a new layout, where its tag is <c>image</c>. Docker's own formats become OCI's.</summary>
    /// <exception cref="ImageException">The registry does not give it, or gives something else.</exception>
    public async Task CopyAsync(ImageReference image, string digest, string layout, CancellationToken cancellation)
    {
        string[] arguments =
        [
            .. Common(), "copy", "--quiet", "--retry-times", "2", "--format", "oci",
            .. Login("--src-authfile"), .. Insecure(image, "--src-tls-verify=false"), Source(image, digest), $"oci:{layout}:image",
        ];
        var result = await commands.RunAsync("skopeo", arguments, options.Limit, cancellation);
        if (!result.Succeeded)
        {
            throw RegistryFailure.Of(image, result);
        }
    }

    /// <summary>True for a registry on this machine, the only kind that may be spoken to without TLS.</summary>
    internal static bool IsLoopback(string host)
    {
        var name = host.StartsWith('[') ? host[1..Math.Max(1, host.IndexOf(']', StringComparison.Ordinal))] : host.Split(':')[0];
        return name == "localhost" || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    private static string Source(ImageReference image, string? digest) =>
        digest is null ? $"docker://{image.Location}:{image.Tag}" : $"docker://{image.Location}@{digest}";

    // A machine's own policy on signatures holds where there is one.
    private string[] Common() =>
    [
        .. File.Exists(SystemPolicy) ? Array.Empty<string>() : ["--insecure-policy"],
        .. options.RegistriesFile.Length > 0 ? ["--registries-conf", options.RegistriesFile] : Array.Empty<string>(),
    ];

    private string[] Login(string flag) => options.AuthFile.Length > 0 ? [flag, options.AuthFile] : [];

    private static string[] Insecure(ImageReference image, string flag) => IsLoopback(image.Host) ? [flag] : [];
}
