using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Substrate.State.Telemetry;

namespace Substrate.State.UnitTests.Telemetry;

public sealed class TelemetryOptionsTests
{
    [Fact]
    public void Read_Nothing_IsOff()
    {
        var options = Read();
        Assert.Equal(("", TelemetryProtocol.Grpc, 1.0), (options.Endpoint, options.Protocol, options.SampleRatio));
        Assert.Null(TelemetryServices.Start(new ConfigurationBuilder().Build(), "test"));
    }

    [Fact]
    public void Read_Everything_IsTaken()
    {
        var options = Read(("Endpoint", "http://127.0.0.1:4318"), ("Protocol", "httpprotobuf"), ("SampleRatio", "0.25"));
        Assert.Equal((true, TelemetryProtocol.HttpProtobuf, 0.25), (options.Enabled, options.Protocol, options.SampleRatio));
    }

    [Theory]
    [InlineData("Endpoint", "collector:4317", "Telemetry:Endpoint: 'collector:4317' must be an address such as http://127.0.0.1:4317, or empty")]
    [InlineData("Protocol", "7", "Telemetry:Protocol: '7' must be one of Grpc, HttpProtobuf")]
    [InlineData("SampleRatio", "1.5", "Telemetry:SampleRatio: '1.5' must be a number from 0 to 1")]
    [InlineData("SampleRatio", "NaN", "Telemetry:SampleRatio: 'NaN' must be a number from 0 to 1")]
    public void Read_BadValue_NamesFieldValueAndRule(string key, string value, string problem) =>
        Assert.Equal([problem], Assert.Throws<OptionsValidationException>(() => Read((key, value))).Failures);

    private static TelemetryOptions Read(params (string Key, string Value)[] values) => TelemetryOptions.Read(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static v => KeyValuePair.Create<string, string?>($"Telemetry:{v.Key}", v.Value))).Build());
}
