using System.Text.Json;
using System.Text.Json.Nodes;
using Substrate.NodeAgent.Images;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.Runtime;

/// <summary>Writes the OCI runtime bundle of one sandbox: what runs, on which root, in which network, with which limits.</summary>
internal static class Bundle
{
    /// <summary>Where the actor finds who it is; a read-only directory whose files change when the sandbox is taken.</summary>
    public const string IdentityMount = "/run/ate";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes <c>config.json</c> into <paramref name="directory"/>.</summary>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="spec">The template.</param>
    /// <param name="image">The unpacked image; its root is shared read-only, changes live in the sandbox's memory.</param>
    /// <param name="identity">Host directory shown at <see cref="IdentityMount"/>.</param>
    /// <param name="resolvConf">Host file shown as <c>/etc/resolv.conf</c>.</param>
    /// <param name="networkNamespace">Path of the network namespace.</param>
    /// <param name="cgroup">Path of the sandbox's cgroup below each hierarchy.</param>
    public static void Write(
        string directory, TemplateSpec spec, UnpackedImage image, string identity, string resolvConf, string networkNamespace, string cgroup)
    {
        var config = new JsonObject
        {
            ["ociVersion"] = "1.0.2",
            ["hostname"] = "actor",
            ["root"] = new JsonObject { ["path"] = image.RootfsPath, ["readonly"] = false },
            ["process"] = Process(spec.Container, image.Config),
            ["mounts"] = new JsonArray(
                Mount("/proc", "proc", "proc"),
                Mount("/dev", "tmpfs", "tmpfs"),
                Mount("/tmp", "tmpfs", "tmpfs"),
                Mount(IdentityMount, "bind", identity, "ro", "rbind"),
                Mount("/etc/resolv.conf", "bind", resolvConf, "ro", "bind")),
            ["linux"] = new JsonObject
            {
                ["cgroupsPath"] = cgroup,
                ["resources"] = Resources(spec.Resources),
                ["namespaces"] = new JsonArray(
                    Namespace("pid"), Namespace("ipc"), Namespace("uts"), Namespace("mount"), Namespace("network", networkNamespace)),
            },
        };
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJsonString(Indented));
    }

    private static JsonObject Process(ContainerSpec container, ImageConfig image)
    {
        string[] arguments = container.Command.Length > 0 ? [.. container.Command] : [.. image.Entrypoint, .. image.Cmd];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            ["HOME"] = "/",
        };
        foreach (var pair in image.Env.Concat(container.Env))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            environment[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        }

        return new JsonObject
        {
            ["user"] = new JsonObject
            {
                ["uid"] = image.Uid,
                ["gid"] = image.Gid,
                ["additionalGids"] = new JsonArray([.. image.AdditionalGids.Select(static g => (JsonNode)JsonValue.Create(g))]),
            },
            ["args"] = new JsonArray([.. arguments.Select(static a => (JsonNode)JsonValue.Create(a))]),
            ["env"] = new JsonArray([.. environment.Select(static e => (JsonNode)JsonValue.Create($"{e.Key}={e.Value}"))]),
            ["cwd"] = image.WorkingDir.Length > 0 ? image.WorkingDir : "/",
            ["noNewPrivileges"] = true,
            ["capabilities"] = new JsonObject
            {
                ["bounding"] = Capabilities(),
                ["effective"] = Capabilities(),
                ["permitted"] = Capabilities(),
            },
        };
    }

    // What ordinary container images expect of root. They hold inside the sandbox's own kernel only.
    private static JsonArray Capabilities() => new(
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD", "CAP_NET_BIND_SERVICE",
        "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT", "CAP_AUDIT_WRITE");

    private static JsonObject Resources(ResourceLimits limits)
    {
        var resources = new JsonObject { ["memory"] = new JsonObject { ["limit"] = limits.MemoryBytes } };
        if (limits.CpuMillis > 0)
        {
            resources["cpu"] = new JsonObject { ["period"] = 100_000, ["quota"] = limits.CpuMillis * 100L };
        }

        if (limits.Pids > 0)
        {
            resources["pids"] = new JsonObject { ["limit"] = limits.Pids };
        }

        return resources;
    }

    private static JsonObject Mount(string destination, string type, string source, params string[] options) => new()
    {
        ["destination"] = destination,
        ["type"] = type,
        ["source"] = source,
        ["options"] = new JsonArray([.. options.Select(static o => (JsonNode)JsonValue.Create(o))]),
    };

    private static JsonObject Namespace(string type, string? path = null)
    {
        var entry = new JsonObject { ["type"] = type };
        if (path is not null)
        {
            entry["path"] = path;
        }

        return entry;
    }
}
