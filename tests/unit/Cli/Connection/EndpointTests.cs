using Substrate.Cli.Connection;
using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Connection;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("https://127.0.0.1:8443", true)]
    [InlineData("https://localhost:8443", true)]
    [InlineData("https://[::1]:8443", true)]
    [InlineData("https://10.0.0.5:8443", false)]
    [InlineData("substrate.example.org:443", false)]
    public void Certificate_OfLoopbackOnly_IsAcceptedUnseen(string address, bool accepted) =>
        Assert.Equal(accepted, Parse(address).AcceptsAnyCertificate);

    [Fact]
    public void Certificate_WithInsecure_IsAcceptedAnywhere() =>
        Assert.True(Endpoint.Parse("https://10.0.0.5:8443", null, null, insecure: true, TimeSpan.FromSeconds(1)).AcceptsAnyCertificate);

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("https://host/path")]
    [InlineData("https://")]
    [InlineData("not an address")]
    public void Address_Malformed_IsAUsageFailure(string address) =>
        Assert.Equal(ExitCode.Usage, Assert.Throws<CommandFailure>(() => Parse(address)).ExitCode);

    [Fact]
    public void Token_OverPlainHttpToAnotherMachine_IsNotSent() =>
        Assert.Throws<CommandFailure>(() => Endpoint.Parse("http://10.0.0.5:8443", "secret", null, false, TimeSpan.FromSeconds(1)));

    [Fact]
    public void Token_OverPlainHttpOnThisMachine_IsSent() =>
        Assert.Equal("secret", Endpoint.Parse("http://127.0.0.1:8443", "secret", null, false, TimeSpan.FromSeconds(1)).Token);

    private static Endpoint Parse(string address) => Endpoint.Parse(address, null, null, insecure: false, TimeSpan.FromSeconds(1));
}
