using Microsoft.Extensions.Configuration;
using Substrate.Scheduler.Operations;

namespace Substrate.Scheduler.UnitTests.Operations;

public sealed class SchedulerOptionsTests
{
    [Theory]
    [InlineData("https://127.0.0.1:8443", true, true, 8443)]
    [InlineData("http://localhost:0", false, true, 0)]
    [InlineData("https://[::1]:1", true, true, 1)]
    [InlineData("https://0.0.0.0:8443", true, false, 8443)]
    [InlineData("https://*:8443", true, false, 8443)]
    [InlineData("https://[::]:8443", true, false, 8443)]
    [InlineData("https://10.0.0.7:8443", true, false, 8443)]
    public void ListenAddress_Good_IsRead(string text, bool secure, bool loopback, int port)
    {
        Assert.True(ListenAddress.TryParse(text, out var address));
        Assert.Equal((secure, loopback, port), (address.Secure, address.Loopback, address.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:8443")]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("https://127.0.0.1:99999")]
    [InlineData("https://some.host:1")]
    public void ListenAddress_Bad_IsRefused(string text) => Assert.False(ListenAddress.TryParse(text, out _));

    [Fact]
    public void Validate_Defaults_AreGood() => Assert.Empty(Problems(new()));

    [Fact]
    public void Validate_BeyondLoopbackWithoutToken_SaysHow() =>
        Assert.Contains("Substrate:Token", Assert.Single(Problems(new() { Listen = "https://0.0.0.0:8443" })), StringComparison.Ordinal);

    [Fact]
    public void Validate_BeyondLoopbackWithToken_IsGood() => Assert.Empty(Problems(new() { Listen = "https://0.0.0.0:8443" }, "secret"));

    [Fact]
    public void Validate_NoOpsListener_IsGood() => Assert.Empty(Problems(new() { OpsListen = "" }));

    [Theory]
    [InlineData("Listen", "nowhere")]
    [InlineData("OpsListen", "https://127.0.0.1:8003")]
    public void Validate_BadAddress_NamesFieldAndValue(string field, string value)
    {
        var problem = Assert.Single(Problems(field == "Listen" ? new() { Listen = value } : new() { OpsListen = value }));

        Assert.StartsWith($"Scheduler:{field}: '{value}' must be", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_LeaseShorterThanTwoIntervals_SaysSo() =>
        Assert.Contains("Scheduler:Lease", Assert.Single(Problems(new() { Interval = TimeSpan.FromSeconds(4) })), StringComparison.Ordinal);

    [Fact]
    public void Validate_OutOfRange_SaysSo() =>
        Assert.Contains("ParallelPerNode", new SchedulerRanges().Validate(null, new() { ParallelPerNode = 0 }).FailureMessage, StringComparison.Ordinal);

    private static IEnumerable<string> Problems(SchedulerOptions options, string? token = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Substrate:Token", token)]).Build();
        return [.. new SchedulerAddresses(configuration).Validate(null, options).Failures ?? [], .. new SchedulerRanges().Validate(null, options).Failures ?? []];
    }
}
