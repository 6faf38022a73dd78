using Substrate.State.Actors;

namespace Substrate.State.UnitTests.Actors;

public sealed class EndpointsTests
{
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("[fd00::1]")]
    public void Write_FurtherPorts_ReadBackOnTheSameHost(string host)
    {
        var text = Endpoints.Write(host, 12_000, [(8081, 12_001), (9, 12_002)]);
        Assert.Equal($"{host}:12000", Endpoints.Main(text).ToString());
        Assert.Equal([new(8081, $"{host}:12001"), new(9, $"{host}:12002")], Endpoints.Further(text));
    }

    [Fact]
    public void Write_MainPortOnly_IsHostAndPort()
    {
        var text = Endpoints.Write("10.0.0.1", 12_000, []);
        Assert.Equal("10.0.0.1:12000", text);
        Assert.Empty(Endpoints.Further(text));
    }

    [Fact]
    public void Further_BadForm_Throws() => Assert.Throws<FormatException>(() => Endpoints.Further("a:1 x").ToList());
}
