using Microsoft.Extensions.Options;

namespace Substrate.Proxy.UnitTests;

public sealed class ProxyOptionsTests
{
    [Fact]
    public void Validate_Defaults_Succeed() => Assert.Empty(Failures(new ProxyOptions()));

    [Fact]
    public void Validate_WrongValues_NameFieldValueAndRule()
    {
        Assert.Contains("Proxy:Listen is 'ftp://x'", Failures(new ProxyOptions { Listen = "ftp://x" }), StringComparison.Ordinal);
        Assert.Contains("Proxy:OpsListen is 'http://*:99999'", Failures(new ProxyOptions { OpsListen = "http://*:99999" }), StringComparison.Ordinal);
        Assert.Contains("Proxy:Suffixes has 'UPPER.x'", Failures(new ProxyOptions { Suffixes = ["UPPER.x"] }), StringComparison.Ordinal);
        Assert.Contains("Proxy:Listen is 'https://*:1'", Failures(new ProxyOptions { Listen = "https://*:1" }), StringComparison.Ordinal);
        Assert.Contains("must begin with http://", Failures(new ProxyOptions { OpsListen = "https://*:1" }), StringComparison.Ordinal);
        Assert.Contains("Proxy:TrustedNetworks has '10.0.0.0/99'", Failures(new ProxyOptions { TrustedNetworks = ["10.0.0.0/99"] }), StringComparison.Ordinal);
        Assert.Contains("has '/no/such.pem'", Failures(new ProxyOptions { Certificates = [new() { Certificate = "/no/such.pem" }] }), StringComparison.Ordinal);
        Assert.Contains("HeldPerActor", Failures(new ProxyOptions { HeldPerActor = 0 }), StringComparison.Ordinal);
        Assert.Contains("RouteMaxAge", Failures(new ProxyOptions { RouteMaxAge = TimeSpan.FromSeconds(5) }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0;http://[::1]:80")]
    [InlineData("http://*:8000")]
    [InlineData("http://localhost:8000/")]
    public void Validate_AddressesToListenOn_Succeed(string listen) => Assert.Empty(Failures(new ProxyOptions { Listen = listen }));

    private static string Failures(ProxyOptions options) => string.Join(
        '\n',
        new IValidateOptions<ProxyOptions>[] { new ProxyOptionsValidator(), new ProxyOptionsRules() }
            .Select(v => v.Validate(null, options).FailureMessage)
            .Where(static message => message is not null));
}
