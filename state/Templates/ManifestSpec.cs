using System.Collections.Immutable;
using System.Globalization;
using Substrate.State.Nodes;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Reads <c>spec</c> of an ActorTemplate.</summary>
internal static class ManifestSpec
{
    public static TemplateSpec Read(ManifestMap map, string baseDirectory)
    {
        // Of use to the original only: a sandbox here needs no process that holds its namespaces.
        _ = map.Text("pauseImage");
        var (container, resources) = Container(map, baseDirectory);
        var location = Snapshots(map);
        Choice(map, "sandboxClass", "gvisor", "microvm");
        map.Unsupported("volumes");
        var spec = new TemplateSpec
        {
            Container = container,
            Resources = resources,
            Idle = ManifestIdle.Read(map.Map("idle")),
            Timeouts = Timeouts(map.Map("timeouts")),
            NodeSelector = Selector(map.Map("workerSelector")),
            SnapshotLocation = location,
        };
        map.Finish();
        return spec;
    }

    private static (ContainerSpec, ResourceLimits) Container(ManifestMap map, string baseDirectory)
    {
        var nothing = (new ContainerSpec { Name = "", Image = "" }, new ResourceLimits());
        var found = map.Find("containers");
        if (found is YamlSequenceNode { Children.Count: 1 } list && list.Children[0] is YamlMappingNode node)
        {
            return ManifestContainer.Read(new ManifestMap(node, map.At("containers[0]"), map.Problems), baseDirectory);
        }

        map.Problem(found, "containers", found switch
        {
            null => "is required: exactly one container",
            YamlSequenceNode { Children.Count: 1 } => "must hold a mapping",
            YamlSequenceNode many => string.Create(CultureInfo.InvariantCulture, $"has {many.Children.Count} containers; this version runs exactly one"),
            _ => "must be a list of exactly one container",
        });
        return nothing;
    }

    private static string Snapshots(ManifestMap map)
    {
        if (map.Map("snapshotsConfig") is not { } config)
        {
            return "store:";
        }

        var location = config.Text("location", required: true);
        if (location is "")
        {
            config.Problem(config.Find("location"), "location", "must not be empty");
        }

        Choice(config, "onPause", "Full", "Data");
        Choice(config, "onCommit", "Full", "Data");
        config.Finish();
        return location ?? "";
    }

    // Both values are part of the contract, and only the first can be honoured.
    private static void Choice(ManifestMap map, string field, string supported, string unsupported)
    {
        if (map.Text(field) is { } value && value != supported)
        {
            map.Problem(map.Find(field), field, value == unsupported
                ? $"{value} is not supported by this version, only {supported} is"
                : $"{ManifestProblems.Show(value)} must be {supported}");
        }
    }

    private static RequestTimeouts Timeouts(ManifestMap? map)
    {
        if (map is null)
        {
            return new();
        }

        var limits = new RequestTimeouts
        {
            Request = ManifestIdle.Duration(map, "request", TimeSpan.Zero),
            Idle = ManifestIdle.Duration(map, "idle", TimeSpan.Zero),
            Connect = ManifestIdle.Duration(map, "connect", TimeSpan.Zero),
        };
        map.Finish();
        return limits;
    }

    private static ImmutableSortedDictionary<string, string> Selector(ManifestMap? map)
    {
        if (map is null)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (at, key, value) in map.Pairs("matchLabels"))
        {
            if (Labels.KeyViolation(key) is { } keyProblem)
            {
                map.Problem(at, "matchLabels", $"key {ManifestProblems.Show(key)}: {keyProblem}");
            }
            else if (Labels.ValueViolation(value) is { } valueProblem)
            {
                map.Problem(at, $"matchLabels.{key}", $"{ManifestProblems.Show(value)}: {valueProblem}");
            }
            else
            {
                labels[key] = value;
            }
        }

        map.Unsupported("matchExpressions");
        map.Finish();
        return labels.ToImmutable();
    }
}
