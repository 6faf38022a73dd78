using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>A mapping of a manifest that is being read: hands out typed fields, and knows at the end which ones nobody asked for.</summary>
internal sealed class ManifestMap(YamlMappingNode node, string path, ManifestProblems problems)
{
    private readonly List<string> _known = [];

    public ManifestProblems Problems => problems;

    private IEnumerable<KeyValuePair<YamlNode, YamlNode>> Entries => node.Children;

    /// <summary>Path of a field of this mapping.</summary>
    public string At(string field) => path.Length == 0 ? field : $"{path}.{field}";

    public void Problem(YamlNode? at, string field, string problem) => problems.Add(at ?? node, At(field), problem);

    /// <summary>The node of a field; null when it is absent or null.</summary>
    public YamlNode? Find(string field)
    {
        _known.Add(field);
        foreach (var (key, value) in node.Children)
        {
            if (key is YamlScalarNode name && name.Value == field)
            {
                return value is YamlScalarNode scalar && ManifestScalar.IsNull(scalar) ? null : value;
            }
        }

        return null;
    }

    /// <summary>A scalar of any kind as it is written; null when it is absent or was wrong.</summary>
    public string? Raw(string field) => Find(field) switch
    {
        null => null,
        YamlScalarNode scalar => scalar.Value,
        var other => Wrong(other, field, "must be a single value"),
    };

    /// <summary>A string; null when it is absent or was wrong.</summary>
    public string? Text(string field, bool required = false)
    {
        var found = Find(field);
        if (found is null)
        {
            return required ? Wrong(null, field, "is required") : null;
        }

        return found is YamlScalarNode scalar ? TextOf(scalar, At(field), problems) : Wrong(found, field, "must be a string");
    }

    /// <summary>The text of a scalar that has to be a string.</summary>
    public static string? TextOf(YamlScalarNode scalar, string path, ManifestProblems problems)
    {
        if (ManifestScalar.IsString(scalar))
        {
            return scalar.Value;
        }

        problems.Add(scalar, path, $"{ManifestProblems.Show(scalar.Value ?? "")} must be a string: put it in quotes");
        return null;
    }

    /// <summary>An integer within bounds; null when it is absent or was wrong.</summary>
    public int? Integer(string field, int min, int max, bool required = false)
    {
        var found = Find(field);
        if (found is null)
        {
            return required ? (int?)Fail(null, field, "is required") : null;
        }

        if (found is not YamlScalarNode { Style: ScalarStyle.Plain } scalar
            || !decimal.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return (int?)Fail(found, field, $"{Shown(found)} must be an integer");
        }

        return number < min || number > max
            ? (int?)Fail(found, field, string.Create(CultureInfo.InvariantCulture, $"{Shown(found)} must be between {min} and {max}"))
            : (int)number;
    }

    /// <summary>A mapping; null when it is absent or was wrong.</summary>
    public ManifestMap? Map(string field, bool required = false) => Find(field) switch
    {
        null when required => Missing(field),
        null => null,
        YamlMappingNode map => new ManifestMap(map, At(field), problems),
        var other => Unmapped(other, field),
    };

    /// <summary>The items of a list, empty when it is absent or was wrong.</summary>
    public IReadOnlyList<YamlNode> List(string field, int most)
    {
        switch (Find(field))
        {
            case null:
                return [];
            case YamlSequenceNode list when list.Children.Count <= most:
                return [.. list.Children];
            case YamlSequenceNode list:
                Problem(list, field, string.Create(CultureInfo.InvariantCulture, $"has {list.Children.Count} items; at most {most} are allowed"));
                return [];
            case var other:
                Problem(other, field, "must be a list");
                return [];
        }
    }

    /// <summary>A mapping of strings to strings, empty when it is absent or was wrong.</summary>
    public IReadOnlyList<(YamlNode Node, string Key, string Value)> Pairs(string field)
    {
        var pairs = new List<(YamlNode, string, string)>();
        if (Map(field) is { } map)
        {
            foreach (var (key, value) in map.Entries)
            {
                var name = (key as YamlScalarNode)?.Value ?? "";
                var text = value is YamlScalarNode scalar && !ManifestScalar.IsNull(scalar) ? TextOf(scalar, map.At(name), problems) : map.Wrong(value, name, "must be a string");
                if (text is not null)
                {
                    pairs.Add((key, name, text));
                }
            }
        }

        return pairs;
    }

    /// <summary>Reports a field that existing manifests may carry and that this version cannot honour.</summary>
    public void Unsupported(string field)
    {
        if (Find(field) is { } found && found is not YamlSequenceNode { Children.Count: 0 })
        {
            Problem(found, field, "is not supported by this version");
        }
    }

    /// <summary>Knows fields that mean nothing here.</summary>
    public void Ignore(params ReadOnlySpan<string> fields)
    {
        foreach (var field in fields)
        {
            _known.Add(field);
        }
    }

    /// <summary>Reports every field that nobody asked for.</summary>
    public void Finish()
    {
        foreach (var key in node.Children.Keys)
        {
            if (key is not YamlScalarNode name)
            {
                problems.Add(key, path, "a field's name must be a string");
            }
            else if (!_known.Contains(name.Value ?? ""))
            {
                var close = ManifestSuggestion.For(name.Value ?? "", _known);
                problems.Add(key, At(ManifestProblems.Show(name.Value ?? "")), close is null ? "is not a known field" : $"is not a known field; did you mean {close}?");
            }
        }
    }

    private static string Shown(YamlNode node) => node is YamlScalarNode scalar ? ManifestProblems.Show(scalar.Value ?? "") : "the value";

    private string? Wrong(YamlNode? at, string field, string problem)
    {
        Problem(at, field, problem);
        return null;
    }

    private ManifestMap? Missing(string field) => Unmapped(null, field, "is required");

    private ManifestMap? Unmapped(YamlNode? at, string field, string problem = "must be a mapping")
    {
        Problem(at, field, problem);
        return null;
    }

    private object? Fail(YamlNode? at, string field, string problem)
    {
        Problem(at, field, problem);
        return null;
    }
}
