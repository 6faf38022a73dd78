using System.Text.Json.Nodes;

namespace Substrate.Perf.Activation;

/// <summary>What a restore needs that no part of Substrate takes part in.</summary>
/// <param name="Runsc">The runtime.</param>
/// <param name="Config">An OCI <c>config.json</c> of the snapshot's template, as the node agent writes it.</param>
/// <param name="Snapshot">Directory that <c>runsc checkpoint</c> wrote.</param>
/// <param name="Work">A directory to work in; short, because sockets are made below it.</param>
internal sealed record RawRestoreInputs(string Runsc, string Config, string Snapshot, string Work)
{
    /// <summary>The configuration with another network namespace, another identity directory, and a cgroup of its own.</summary>
    public string ConfigFor(string networkNamespace, string identity)
    {
        var config = JsonNode.Parse(Config)!;
        foreach (var entry in config["linux"]!["namespaces"]!.AsArray())
        {
            if ((string?)entry!["type"] == "network")
            {
                entry["path"] = networkNamespace;
            }
        }

        foreach (var mount in config["mounts"]!.AsArray())
        {
            if ((string?)mount!["destination"] == "/run/ate")
            {
                mount["source"] = identity;
            }
        }

        config["linux"]!["cgroupsPath"] = "/substrate-bench/raw";
        return config.ToJsonString();
    }
}
