using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Substrate.State.Templates;

/// <summary>Writes a template as the manifest that reads back as exactly it, every default written out.</summary>
public static class ManifestWriter
{
    public static string Write(TemplateKey key, TemplateSpec spec)
    {
        var root = Map(
            ("apiVersion", Text(ManifestReader.ApiVersion)),
            ("kind", Text(ManifestReader.Kind)),
            ("metadata", Map(("namespace", Text(key.Namespace)), ("name", Text(key.Name)))),
            ("spec", Spec(spec)));
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(root)).Save(writer, assignAnchors: false);

        // The library ends a stream with the mark of a document's end, which nobody writes by hand.
        var text = writer.ToString();
        return text.EndsWith("...\n", StringComparison.Ordinal) ? text[..^4] : text;
    }

    private static YamlMappingNode Spec(TemplateSpec spec)
    {
        var map = Map(
            ("containers", new YamlSequenceNode(Container(spec.Container, spec.Resources))),
            ("snapshotsConfig", Map(("location", Text(spec.SnapshotLocation)))),
            ("idle", Map(
                ("freezeAfter", Text(ManifestDuration.Write(spec.Idle.FreezeAfter))),
                ("openStreams", Text(ManifestIdle.WriteOpenStreams(spec.Idle.OpenStreams))),
                ("pauseAfter", Text(ManifestDuration.Write(spec.Idle.PauseAfter))),
                ("suspendAfter", Text(ManifestDuration.Write(spec.Idle.SuspendAfter))))));
        if (spec.Timeouts != new RequestTimeouts())
        {
            map.Add("timeouts", Map(
                ("request", Text(ManifestDuration.Write(spec.Timeouts.Request))),
                ("idle", Text(ManifestDuration.Write(spec.Timeouts.Idle))),
                ("connect", Text(ManifestDuration.Write(spec.Timeouts.Connect)))));
        }

        if (!spec.NodeSelector.IsEmpty)
        {
            map.Add("workerSelector", Map(("matchLabels", Map([.. spec.NodeSelector.Select(static l => (l.Key, (YamlNode)Text(l.Value)))]))));
        }

        return map;
    }

    private static YamlMappingNode Container(ContainerSpec container, ResourceLimits limits)
    {
        var map = Map(("name", Text(container.Name)), ("image", Text(container.Image)));
        if (!container.Command.IsDefaultOrEmpty)
        {
            map.Add("command", new YamlSequenceNode(container.Command.Select(Text)));
        }

        if (!container.Env.IsDefaultOrEmpty)
        {
            map.Add("env", new YamlSequenceNode(container.Env.Select(static pair => Variable(pair.Split('=', 2)))));
        }

        if (container.ReadyPath is { } path)
        {
            map.Add("readyz", Map(
                ("httpGet", Map(("port", Number(container.Port)), ("path", Text(path)))),
                ("timeout", Text(ManifestDuration.Write(container.ReadyTimeout)))));
        }

        if (!container.Ports.IsDefaultOrEmpty)
        {
            map.Add("ports", new YamlSequenceNode(container.Ports.Select(static port => Map(("containerPort", Number(port))))));
        }

        if (container.Protocol == ActorProtocol.H2c)
        {
            map.Add("protocol", Text("h2c"));
        }

        var resources = Map(("memory", Text(ManifestQuantity.WriteBytes(limits.MemoryBytes))));
        if (limits.CpuMillis > 0)
        {
            resources.Add("cpu", Text(string.Create(CultureInfo.InvariantCulture, $"{limits.CpuMillis}m")));
        }

        if (limits.Pids > 0)
        {
            resources.Add("pids", Number(limits.Pids));
        }

        if (Requests(limits) is { Children.Count: > 0 } requests)
        {
            resources.Add("requests", requests);
        }

        map.Add("resources", resources);
        return map;
    }

    private static YamlMappingNode Requests(ResourceLimits limits)
    {
        var map = Map();
        if (limits.RequestedMemoryBytes > 0)
        {
            map.Add("memory", Text(ManifestQuantity.WriteBytes(limits.RequestedMemoryBytes)));
        }

        if (limits.RequestedCpuMillis > 0)
        {
            map.Add("cpu", Text(string.Create(CultureInfo.InvariantCulture, $"{limits.RequestedCpuMillis}m")));
        }

        return map;
    }

    private static YamlMappingNode Variable(string[] pair) => Map(("name", Text(pair[0])), ("value", Text(pair[1])));

    private static YamlMappingNode Map(params (string Key, YamlNode Value)[] fields)
    {
        var map = new YamlMappingNode();
        foreach (var (key, value) in fields)
        {
            map.Add(Text(key), value);
        }

        return map;
    }

    private static YamlScalarNode Number(int value) => new(value.ToString(CultureInfo.InvariantCulture));

    private static YamlScalarNode Text(string value) =>
        new(value) { Style = ManifestScalar.ReadsAsOther(value) || value.Any(char.IsControl) ? ScalarStyle.DoubleQuoted : ScalarStyle.Any };
}
