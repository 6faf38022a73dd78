using System.Text.Json.Nodes;
using Substrate.Perf.Activation;

namespace Substrate.Perf.UnitTests.Activation;

public sealed class RawRestoreInputsTests
{
    [Fact]
    public void Config_ForARawSandbox_HasItsOwnNetworkIdentityAndCgroup()
    {
        const string Config = """
            {"process":{"args":["/x"]},"mounts":[{"destination":"/proc"},{"destination":"/run/ate","source":"/old"}],
             "linux":{"cgroupsPath":"/old","namespaces":[{"type":"pid"},{"type":"network","path":"/old"}]}}
            """;

        var config = JsonNode.Parse(new RawRestoreInputs("runsc", Config, "/s", "/w").ConfigFor("/run/netns/new", "/new"))!;

        Assert.Equal("/run/netns/new", (string?)config["linux"]!["namespaces"]![1]!["path"]);
        Assert.Equal("/new", (string?)config["mounts"]![1]!["source"]);
        Assert.Equal("/substrate-bench/raw", (string?)config["linux"]!["cgroupsPath"]);
        Assert.Equal("/x", (string?)config["process"]!["args"]![0]);
    }
}
