using System.Collections.Immutable;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Reads <c>spec.containers[0]</c>.</summary>
internal static partial class ManifestContainer
{
    private const int MostCommandItems = 64;
    private const int MostVariables = 32;
    private const int LongestPath = 1024;
    private const int MostPorts = 8;

    // The golden snapshot has to be taken within the time that building it may take as a whole.
    private static readonly TimeSpan LongestReady = TimeSpan.FromMinutes(4);

    public static (ContainerSpec Container, ResourceLimits Resources) Read(ManifestMap map, string baseDirectory)
    {
        var container = new ContainerSpec { Name = Name(map), Image = Image(map, baseDirectory), Command = Command(map), Env = Variables(map) };
        map.Unsupported("volumeMounts");
        container = Readiness(map, container);
        container = container with { Ports = Ports(map, container.Port), Protocol = Protocol(map) };
        var resources = ManifestResources.Read(map.Map("resources"));
        map.Finish();
        return (container, resources);
    }

    private static string Name(ManifestMap map)
    {
        var name = map.Text("name", required: true);
        var problem = name is null ? null : name == "pause" ? "is reserved" : Actors.Names.Violation(name);
        if (problem is not null)
        {
            map.Problem(map.Find("name"), "name", $"{ManifestProblems.Show(name!)} {problem}");
        }

        return name ?? "";
    }

    private static string Image(ManifestMap map, string baseDirectory)
    {
        var image = map.Text("image", required: true);
        if (image is null)
        {
            return "";
        }

        if (ManifestImage.Resolve(image, baseDirectory, out var absolute) is { } problem)
        {
            map.Problem(map.Find("image"), "image", $"{ManifestProblems.Show(image)} {problem}");
        }

        return absolute;
    }

    private static ImmutableArray<string> Command(ManifestMap map)
    {
        var items = map.List("command", MostCommandItems);
        var command = ImmutableArray.CreateBuilder<string>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var path = map.At($"command[{i}]");
            if (items[i] is not YamlScalarNode scalar)
            {
                map.Problems.Add(items[i], path, "must be a string");
            }
            else if (ManifestMap.TextOf(scalar, path, map.Problems) is { } text)
            {
                Check(map.Problems, scalar, path, text, !text.Contains('\0', StringComparison.Ordinal), "must not hold a NUL character");
                command.Add(text);
            }
        }

        return command.ToImmutable();
    }

    private static ImmutableArray<string> Variables(ManifestMap map)
    {
        var items = map.List("env", MostVariables);
        var variables = ImmutableArray.CreateBuilder<string>(items.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not YamlMappingNode node)
            {
                map.Problems.Add(items[i], map.At($"env[{i}]"), "must be a mapping with name and value");
                continue;
            }

            var variable = new ManifestMap(node, map.At($"env[{i}]"), map.Problems);
            var name = variable.Text("name", required: true);
            variable.Unsupported("valueFrom");
            var value = variable.Text("value", required: variable.Find("valueFrom") is null);
            variable.Finish();
            if (name is not null)
            {
                var path = variable.At("name");
                Check(map.Problems, node, path, name, VariableName().IsMatch(name), "must be printable ASCII without '='");
                Check(map.Problems, node, path, name, names.Add(name), "is there twice");
            }

            if (value is not null)
            {
                // A value may be a secret: it is never shown.
                Check(map.Problems, node, variable.At("value"), "the value", !value.Contains('\0', StringComparison.Ordinal), "must not hold a NUL character");
                variables.Add($"{name}={value}");
            }
        }

        return variables.ToImmutable();
    }

    private static ContainerSpec Readiness(ManifestMap map, ContainerSpec container)
    {
        if (map.Map("readyz") is not { } ready)
        {
            return container;
        }

        var timeout = ready.Raw("timeout");
        var limit = container.ReadyTimeout;
        if (timeout is not null && (!ManifestDuration.TryRead(timeout, out limit) || limit <= TimeSpan.Zero || limit > LongestReady))
        {
            ready.Problem(ready.Find("timeout"), "timeout", $"{ManifestProblems.Show(timeout)} {ManifestDuration.Form}, more than 0 and at most 4m");
        }

        var get = ready.Map("httpGet", required: true);
        var port = get?.Integer("port", 1, 65535, required: true);
        var path = get?.Text("path") ?? "/readyz";
        if (get is not null)
        {
            Check(
                map.Problems, get.Find("path"), get.At("path"), path, path.Length <= LongestPath && HttpPath().IsMatch(path),
                $"must be a path of at most {LongestPath} characters that starts with '/', without '?' and '#', every '%' followed by two hexadecimal digits");
            get.Finish();
        }

        ready.Finish();
        return container with { Port = port ?? container.Port, ReadyPath = path, ReadyTimeout = limit };
    }

    // Ports beside the one that readyz names, which is there without being listed.
    private static ImmutableArray<int> Ports(ManifestMap map, int main)
    {
        var further = new SortedSet<int>();
        var items = map.List("ports", MostPorts);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not YamlMappingNode node)
            {
                map.Problems.Add(items[i], map.At($"ports[{i}]"), "must be a mapping with containerPort");
                continue;
            }

            var port = new ManifestMap(node, map.At($"ports[{i}]"), map.Problems);
            var number = port.Integer("containerPort", 1, 65535, required: true);
            _ = port.Text("name");
            if (port.Text("protocol") is { } protocol && protocol != "TCP")
            {
                port.Problem(port.Find("protocol"), "protocol", $"{ManifestProblems.Show(protocol)} must be TCP");
            }

            if (number is { } given && given != main && !further.Add(given))
            {
                port.Problem(port.Find("containerPort"), "containerPort", $"{given} is there twice");
            }

            port.Finish();
        }

        return [.. further];
    }

    private static ActorProtocol Protocol(ManifestMap map)
    {
        switch (map.Text("protocol"))
        {
            case null or "http1":
                return ActorProtocol.Http1;
            case "h2c":
                return ActorProtocol.H2c;
            case var other:
                map.Problem(map.Find("protocol"), "protocol", $"{ManifestProblems.Show(other)} must be http1 or h2c");
                return ActorProtocol.Http1;
        }
    }

    private static void Check(ManifestProblems problems, YamlNode? at, string path, string value, bool holds, string rule)
    {
        if (!holds)
        {
            problems.Add(at?.Start.Line ?? 1, path, $"{ManifestProblems.Show(value)} {rule}");
        }
    }

    [GeneratedRegex(@"^[ -<>-~]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex VariableName();

    [GeneratedRegex(@"^/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex HttpPath();
}
