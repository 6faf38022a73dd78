using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Says which field two canonical manifests differ in.</summary>
public static class ManifestDifference
{
    /// <summary>Path of the first field of <paramref name="newer"/> that differs; null when none does.</summary>
    public static string? First(string older, string newer)
    {
        var (before, after) = (Flatten(older), Flatten(newer));
        return after.Keys.Concat(before.Keys).FirstOrDefault(path => !before.TryGetValue(path, out var a) || !after.TryGetValue(path, out var b) || a != b);
    }

    private static Dictionary<string, string> Flatten(string manifest)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(manifest));
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Flatten(stream.Documents[0].RootNode, "", fields);
        return fields;
    }

    private static void Flatten(YamlNode node, string path, Dictionary<string, string> fields)
    {
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (key, value) in map.Children)
                {
                    Flatten(value, path.Length == 0 ? key.ToString() : $"{path}.{key}", fields);
                }

                break;
            case YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                {
                    Flatten(list.Children[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), fields);
                }

                break;
            default:
                fields[path] = ((YamlScalarNode)node).Value ?? "";
                break;
        }
    }
}
