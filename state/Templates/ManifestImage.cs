using System.Text.RegularExpressions;

namespace Substrate.State.Templates;

/// <summary>
/// Image references: <c>oci:DIRECTORY</c> (an OCI image layout), <c>oci-archive:FILE</c> (the same as a tar file), or the name of an image in a
/// registry as Docker writes it, each with <c>[:TAG][@sha256:…]</c>.
/// </summary>
internal static partial class ManifestImage
{
    private const string LayoutForm = "oci:DIRECTORY[:TAG][@sha256:DIGEST], an OCI image layout on the nodes' disk";
    private const string ArchiveForm = "oci-archive:FILE[:TAG][@sha256:DIGEST], a tar file of an OCI image layout on the nodes' disk";
    private const string RegistryForm = "[docker://][HOST[:PORT]/]REPOSITORY[:TAG][@sha256:DIGEST], an image in a registry";
    private const string Scheme = "docker://";
    private const string DefaultHost = "docker.io";
    private const int LongestName = 255;

    /// <summary>Makes the reference absolute: directories and files from the root, images in registries with host and tag.</summary>
    /// <param name="image">Reference as written.</param>
    /// <param name="baseDirectory">Directory that relative ones start from; empty when there is none.</param>
    /// <param name="absolute">The absolute reference.</param>
    /// <returns>The rule that it breaks; null when it breaks none.</returns>
    public static string? Resolve(string image, string baseDirectory, out string absolute)
    {
        if (image.StartsWith("oci:", StringComparison.Ordinal))
        {
            return OnDisk(image, "oci:", LayoutForm, baseDirectory, out absolute);
        }

        return image.StartsWith("oci-archive:", StringComparison.Ordinal)
            ? OnDisk(image, "oci-archive:", ArchiveForm, baseDirectory, out absolute)
            : InRegistry(image, out absolute);
    }

    private static string? OnDisk(string image, string scheme, string form, string baseDirectory, out string absolute)
    {
        absolute = image;
        var match = Place().Match(image[scheme.Length..]);
        if (!match.Success)
        {
            return $"must have the form {form}, where DIGEST is 64 hexadecimal digits";
        }

        var path = match.Groups["path"].Value;
        if (!Path.IsPathRooted(path))
        {
            if (!Path.IsPathRooted(baseDirectory))
            {
                return "must name an absolute path, because it is not known what a relative one starts from";
            }

            path = Path.Combine(baseDirectory, path);
        }

        absolute = $"{scheme}{Path.GetFullPath(path)}{match.Groups["tag"].Value}{match.Groups["digest"].Value}";
        return null;
    }

    private static string? InRegistry(string image, out string absolute)
    {
        absolute = image;
        var match = Name().Match(image.StartsWith(Scheme, StringComparison.Ordinal) ? image[Scheme.Length..] : image);
        if (!match.Success)
        {
            return $"must have one of the forms {RegistryForm}; {LayoutForm}; {ArchiveForm}; DIGEST is 64 hexadecimal digits";
        }

        // As Docker reads names: the first part is a host if it looks like one, and official images have a folder of their own.
        var (host, repository) = (match.Groups["host"].Value, match.Groups["path"].Value);
        if (host.Length == 0 || host is "index.docker.io")
        {
            host = DefaultHost;
        }

        if (host == DefaultHost && !repository.Contains('/', StringComparison.Ordinal))
        {
            repository = $"library/{repository}";
        }

        if (host.Length + repository.Length >= LongestName)
        {
            return $"is longer than the {LongestName} characters that the name of an image may have";
        }

        var (tag, digest) = (match.Groups["tag"].Value, match.Groups["digest"].Value);
        absolute = $"{Scheme}{host}/{repository}{(tag.Length + digest.Length == 0 ? ":latest" : tag)}{digest}";
        return null;
    }

    // The path may have colons in its parents; a tag follows the last one and has no slash.
    [GeneratedRegex(
        @"^(?<path>[^@\p{Cc}]*?[^@:\p{Cc}])(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Place();

    // The grammar of the distribution protocol. A host has a dot or a port, or is localhost.
    [GeneratedRegex(
        @"^(?:(?<host>(?:localhost|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+|\[[0-9a-fA-F:]+\]|[A-Za-z0-9][A-Za-z0-9-]*(?=:[0-9]))(?::[0-9]{1,5})?)/)?"
        + @"(?<path>[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*)"
        + @"(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
