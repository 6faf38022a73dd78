using Substrate.Cli.Output;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.UnitTests.Standalone;

public sealed class PreflightTests
{
    [Fact]
    public void Root_Missing_SaysSudo()
    {
        var told = Assert.Throws<CommandFailure>(() => new Preflight(new FakeMachine { IsRoot = false }).RequireRoot("up"));

        Assert.Equal("Run it as 'sudo substrate up'.", told.Remedy);
    }

    [Theory]
    [InlineData("ip", "iproute2")]
    [InlineData("nft", "nftables")]
    [InlineData("conntrack", "conntrack")]
    [InlineData("umoci", "umoci")]
    public void Tool_Missing_NamesItsPackage(string tool, string package)
    {
        var machine = new FakeMachine();
        machine.Commands.Remove(tool);

        Assert.Contains(package, Assert.Throws<CommandFailure>(new Preflight(machine).RequireTools).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Runsc_Missing_SaysWhereToGetIt()
    {
        var machine = new FakeMachine();
        machine.Commands.Remove("runsc");

        var told = Assert.Throws<CommandFailure>(() => new Preflight(machine).RequireRunsc(null));

        Assert.Contains("PATH", told.Message, StringComparison.Ordinal);
        Assert.Contains("gvisor.dev", told.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Runsc_NamedWronglyByTheEnvironment_NamesTheVariable() => Assert.Contains(
        "SUBSTRATE_RUNSC=/nowhere/runsc", Assert.Throws<CommandFailure>(() => new Preflight(new FakeMachine()).RequireRunsc("/nowhere/runsc")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("runsc version 0.0~20221219.0")]
    [InlineData("runsc version release-20240101.0")]
    public void Runsc_TooOld_IsRefused(string version) => Assert.Contains(
        "too old", Assert.Throws<CommandFailure>(() => new Preflight(new FakeMachine { Version = version }).RequireRunsc(null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("runsc version 0.0~20240729.0")]
    [InlineData("runsc version release-20250505.0")]
    [InlineData("runsc version VERSION_MISSING")]
    public void Runsc_NewEnoughOrWithoutADate_IsTaken(string version) =>
        Assert.Equal("/usr/bin/runsc", new Preflight(new FakeMachine { Version = version }).RequireRunsc(null));

    [Fact]
    public void Port_Taken_NamesItAndTheWayOut()
    {
        var told = Assert.Throws<CommandFailure>(() => new Preflight(new FakeMachine { Taken = { 8443 } }).RequirePorts(new InstancePorts(8000)));

        Assert.Equal("port 8443 of 127.0.0.1 (admin API) is taken", told.Message);
        Assert.Contains("--port 9000", told.Remedy, StringComparison.Ordinal);
    }

    private sealed class FakeMachine : IMachine
    {
        public bool IsRoot { get; init; } = true;

        public HashSet<string> Commands { get; } = ["ip", "nft", "nsenter", "conntrack", "umoci", "runsc"];

        public HashSet<int> Taken { get; } = [];

        public string? Version { get; init; } = "runsc version 0.0~20240729.0";

        public string? Find(string command) => Commands.Contains(command) ? $"/usr/bin/{command}" : null;

        public string? VersionOf(string path) => Version;

        public bool IsFree(int port) => !Taken.Contains(port);
    }
}
