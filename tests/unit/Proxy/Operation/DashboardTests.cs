using System.Text.Json;
using System.Text.RegularExpressions;
using Substrate.Proxy.Activation;
using Substrate.State.Activation;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.UnitTests.Operation;

public sealed partial class DashboardTests
{
    [Fact]
    public async Task Dashboard_EveryMetricAndLabel_IsOneOfTheProxys()
    {
        using var bench = new Bench();
        bench.Metrics.Answered(200, held: true, 0);
        bench.Metrics.Refused("x");
        bench.Metrics.UpstreamFailed(ForwarderError.Request);
        bench.Metrics.HeldFor(HoldOutcome.Up, TimeSpan.Zero);
        bench.Metrics.Activated(new(ActivationOutcome.Running, null), TimeSpan.Zero);
        using var exported = new MemoryStream();
        await bench.Registry.CollectAndExportAsTextAsync(exported);
        var text = System.Text.Encoding.UTF8.GetString(exported.ToArray());

        var expressions = Expressions();
        Assert.NotEmpty(expressions);
        foreach (var expression in expressions)
        {
            foreach (Match metric in Metric().Matches(expression))
            {
                Assert.Contains($"\n{metric.Value}", "\n" + text, StringComparison.Ordinal);
            }

            foreach (var label in Grouping().Matches(expression).SelectMany(static m => m.Groups[1].Value.Split(", ")).Except(["le", "instance"]))
            {
                Assert.Contains($"{label}=\"", text, StringComparison.Ordinal);
            }
        }
    }

    private static List<string> Expressions()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "Substrate.sln")))
        {
            directory = directory.Parent;
        }

        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(directory.FullName, "k8s", "dashboards", "proxy.json")));
        return [.. dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static p => p.GetProperty("targets").EnumerateArray()).Select(static t => t.GetProperty("expr").GetString()!)];
    }

    [GeneratedRegex("substrate_proxy_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex(@"by \(([a-z, ]+)\)")]
    private static partial Regex Grouping();
}
