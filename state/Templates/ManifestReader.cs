using Substrate.State.Actors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Reads ActorTemplate manifests (<c>apiVersion: ate.dev/v1alpha1</c>), one or more documents in a text.</summary>
public static class ManifestReader
{
    public const string ApiVersion = "ate.dev/v1alpha1";
    public const string Kind = "ActorTemplate";

    /// <summary>Reads a text.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="source">Name that problems show before the line, for instance the file's.</param>
    /// <param name="baseDirectory">Absolute directory that relative image paths start from; empty when there is none.</param>
    public static ManifestResult Read(string text, string source, string baseDirectory)
    {
        var problems = new ManifestProblems(source.Length == 0 ? "manifest" : source);
        var templates = new List<ManifestTemplate>();
        try
        {
            if (ManifestGuard.Admits(text, problems))
            {
                var stream = new YamlStream();
                stream.Load(new StringReader(text));
                ReadAll(stream, baseDirectory, templates, problems);
            }
        }
        catch (YamlException e)
        {
            // The end of the range is where reading stopped; its start may be the whole construct before it.
            problems.Add(Math.Max(1, e.End.Line), "", $"is not valid YAML: {e.Message.TrimEnd('.')} (column {e.End.Column})");
        }

        return problems.Count > 0 ? new([], problems.ToList()) : new(templates, []);
    }

    private static void ReadAll(YamlStream stream, string baseDirectory, List<ManifestTemplate> templates, ManifestProblems problems)
    {
        foreach (var document in stream.Documents)
        {
            switch (document.RootNode)
            {
                case YamlScalarNode scalar when ManifestScalar.IsNull(scalar):
                    break;
                case YamlMappingNode root:
                    var template = ReadOne(new ManifestMap(root, "", problems), baseDirectory);
                    if (template is not null && templates.Exists(t => t.Key == template.Key))
                    {
                        problems.Add(root, "metadata.name", $"{template.Key} is there twice");
                    }
                    else if (template is not null)
                    {
                        templates.Add(template);
                    }

                    break;
                case var other:
                    problems.Add(other, "", $"a document must be a mapping with apiVersion, kind, metadata and spec");
                    break;
            }
        }

        if (templates.Count == 0 && problems.Count == 0)
        {
            problems.Add(1, "", $"the text holds no {Kind}");
        }
    }

    // Null when the document is of no kind that can be read; otherwise what could be read of it, problems noted.
    private static ManifestTemplate? ReadOne(ManifestMap map, string baseDirectory)
    {
        var apiVersion = map.Text("apiVersion", required: true);
        var kind = map.Text("kind", required: true);
        Expect(map, "apiVersion", apiVersion, ApiVersion);
        Expect(map, "kind", kind, Kind);
        if (apiVersion != ApiVersion || kind != Kind)
        {
            return null;
        }

        var key = Metadata(map);
        var spec = map.Map("spec", required: true) is { } content ? ManifestSpec.Read(content, baseDirectory) : null;

        // What a cluster adds when it shows a resource again.
        map.Ignore("status");
        map.Finish();
        return spec is null || map.Problems.Count > 0 ? null : new(key, spec, ManifestWriter.Write(key, spec));
    }

    private static void Expect(ManifestMap map, string field, string? value, string expected)
    {
        if (value is not null && value != expected)
        {
            map.Problem(map.Find(field), field, $"{ManifestProblems.Show(value)} must be {expected}");
        }
    }

    private static TemplateKey Metadata(ManifestMap root)
    {
        if (root.Map("metadata", required: true) is not { } map)
        {
            return default;
        }

        var name = Label(map, "name", map.Text("name", required: true));
        var @namespace = Label(map, "namespace", map.Text("namespace") ?? "default");
        _ = map.Pairs("labels");
        _ = map.Pairs("annotations");
        map.Ignore("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid");
        map.Finish();
        return new TemplateKey(@namespace, name);
    }

    private static string Label(ManifestMap map, string field, string? value)
    {
        if (value is not null && Names.Violation(value) is { } problem)
        {
            map.Problem(map.Find(field), field, $"{ManifestProblems.Show(value)} {problem}");
        }

        return value ?? "";
    }
}
