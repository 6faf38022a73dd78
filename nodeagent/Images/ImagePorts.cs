using System.Collections.Immutable;
using System.Globalization;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Images;

/// <summary>Which port requests go to, where the template does not say: the lowest that the image exposes.</summary>
internal static class ImagePorts
{
    private const int Otherwise = 80;

    /// <summary>Reads the keys of an image's <c>ExposedPorts</c>; what is no single TCP port is left out.</summary>
    public static ImmutableArray<int> Parse(IEnumerable<string> exposed) =>
    [
        .. exposed
            .Select(static text => text.Split('/'))
            .Where(static parts => parts.Length == 1 || (parts.Length == 2 && parts[1] is "tcp" or ""))
            .Select(static parts => int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
            .Where(static port => port is > 0 and <= 65535)
            .Distinct()
            .Order(),
    ];

    /// <summary>The template with a port that is certain.</summary>
    public static TemplateRecord Settle(TemplateRecord template, ImageConfig image) => template.Spec.Container.Port > 0
        ? template
        : template with
        {
            Spec = template.Spec with
            {
                Container = template.Spec.Container with { Port = image.ExposedPorts is [var lowest, ..] ? lowest : Otherwise },
            },
        };
}
