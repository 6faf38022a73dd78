using System.Net;
using Microsoft.Extensions.Time.Testing;
using Substrate.Proxy.Listening;

namespace Substrate.Proxy.UnitTests.Listening;

public sealed class ClientConnectionTests
{
    [Theory]
    [InlineData("192.0.2.1", "h.example", "for=192.0.2.1;host=\"h.example\";proto=http")]
    [InlineData("::ffff:192.0.2.1", "h.example:80", "for=192.0.2.1;host=\"h.example:80\";proto=http")]
    [InlineData("2001:db8::1", "[::1]:80", "for=\"[2001:db8::1]\";host=\"[::1]:80\";proto=http")]
    [InlineData("192.0.2.1", "", "for=192.0.2.1;proto=http")]
    public void Forwarded_ByAddress_IsAnElementOfRfc7239(string address, string host, string expected)
    {
        var connection = new ClientConnection(IPAddress.Parse(address), operations: false);
        Assert.Equal(expected, connection.Forwarded(host, "http"));
        Assert.Same(connection.Forwarded(host, "http"), connection.Forwarded(host, "http"));
        Assert.EndsWith("proto=https", connection.Forwarded(host, "https"), StringComparison.Ordinal);
    }

    [Fact]
    public void GaveUp_ManyAtOnce_EndsTheConnectionAndFewDoNot()
    {
        var time = new FakeTimeProvider();
        var connection = new ClientConnection(null, operations: false);
        Assert.DoesNotContain(true, Enumerable.Range(0, 200).Select(_ => connection.GaveUp(time)));
        Assert.True(connection.GaveUp(time));

        var patient = new ClientConnection(null, operations: false);
        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(patient.GaveUp(time));
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }
}
