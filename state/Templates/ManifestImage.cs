using System.Text.RegularExpressions;

namespace Substrate.State.Templates;

/// <summary>Image references: <c>oci:DIRECTORY[:TAG][@sha256:…]</c>, a directory in OCI image layout.</summary>
internal static partial class ManifestImage
{
    private const string Form = "oci:DIRECTORY[:TAG][@sha256:DIGEST], an OCI image layout on the nodes' disk";

    /// <summary>Makes the reference absolute.</summary>
    /// <param name="image">Reference as written.</param>
    /// <param name="baseDirectory">Directory that relative ones start from; empty when there is none.</param>
    /// <param name="absolute">The reference with an absolute directory.</param>
    /// <returns>The rule that it breaks; null when it breaks none.</returns>
    public static string? Resolve(string image, string baseDirectory, out string absolute)
    {
        absolute = image;
        var match = Layout().Match(image);
        if (!match.Success)
        {
            return image.StartsWith("oci:", StringComparison.Ordinal)
                ? $"must have the form {Form}, where DIGEST is 64 hexadecimal digits"
                : $"must have the form {Form}; registries are not supported by this version";
        }

        var directory = match.Groups["dir"].Value;
        if (!Path.IsPathRooted(directory))
        {
            if (!Path.IsPathRooted(baseDirectory))
            {
                return "must name an absolute directory, because it is not known what a relative one starts from";
            }

            directory = Path.Combine(baseDirectory, directory);
        }

        absolute = $"oci:{Path.GetFullPath(directory)}{match.Groups["tag"].Value}{match.Groups["digest"].Value}";
        return null;
    }

    // The directory may have colons in its parents; a tag follows the last one and has no slash.
    [GeneratedRegex(
        @"^oci:(?<dir>[^@\p{Cc}]*?[^@:\p{Cc}])(?<tag>:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?<digest>@sha256:[0-9a-f]{64})?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Layout();
}
