using Substrate.Cli.Standalone;

namespace Substrate.Cli.UnitTests.Standalone;

public sealed class BannerTests
{
    [Fact]
    public void Banner_OfTheDefault_NamesWhatToType()
    {
        var text = Banner.Of(new InstancePorts(8000), DataDirectory.Default, withDemo: true, detached: false);

        Assert.Contains("\n  ./substrate create actor alice -a demo -t demo/counter\n", text, StringComparison.Ordinal);
        Assert.Contains("curl http://localhost:8000/actors/demo/alice/", text, StringComparison.Ordinal);
        Assert.EndsWith("\nStop it with Ctrl-C, or from elsewhere with: ./substrate down", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Banner_OfAnotherPortAndDirectory_NamesThemInEveryCommand()
    {
        var text = Banner.Of(new InstancePorts(9000), "/tmp/second", withDemo: true, detached: true);

        Assert.Contains("SUBSTRATE_ENDPOINT=https://127.0.0.1:9443 ./substrate get actors -a demo", text, StringComparison.Ordinal);
        Assert.Contains("demo multiplex --ingress http://localhost:9000", text, StringComparison.Ordinal);
        Assert.EndsWith("./substrate down --data /tmp/second", text, StringComparison.Ordinal);
    }
}
