using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.UnitTests.Standalone;

public sealed class InstancePortsTests
{
    [Fact]
    public void Ports_OfTheDefault_AreThoseOfTheDocumentation()
    {
        var ports = InstancePorts.Of(InstancePorts.Default);

        Assert.Equal((8000, 8001, 8010, 8379, 8443), (ports.Ingress, ports.Ops, ports.Node, ports.Store, ports.Admin));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65093)]
    public void Ports_ThatCannotBe_AreRefused(int port) => Assert.Equal(ExitCode.Usage, Assert.Throws<CommandFailure>(() => InstancePorts.Of(port)).ExitCode);

    [Fact]
    public void Ports_OfAnyValidBase_AreDistinctAndExist() =>
        CsCheck.Check.Sample(CsCheck.Gen.Int[1, 65092], static port =>
        {
            var ports = InstancePorts.Of(port);
            int[] all = [.. ports.Required.Select(static p => p.Port), ports.Store];
            return all.Distinct().Count() == all.Length && all.All(static p => p is > 0 and <= 65535);
        });
}
