using Microsoft.AspNetCore.Http;
using Substrate.Proxy.Framing;

namespace Substrate.Proxy.UnitTests.Framing;

public sealed class RequestFramingTests
{
    [Theory]
    [InlineData("chunked", null)]
    [InlineData("Chunked", null)]
    [InlineData("gzip, chunked", "ambiguous-framing")]
    [InlineData("chunked, chunked", "ambiguous-framing")]
    [InlineData("identity", "ambiguous-framing")]
    [InlineData("", "ambiguous-framing")]
    [InlineData("\vchunked", "ambiguous-framing")]
    public void Violation_Codings_OnlyChunkedAlonePasses(string coding, string? reason) =>
        Assert.Equal(reason, RequestFraming.Violation(With("HTTP/1.1", ("Transfer-Encoding", coding)), null)?.Reason);

    [Fact]
    public void Violation_CodingTwice_IsRefused()
    {
        var context = With("HTTP/1.1");
        context.Request.Headers.TransferEncoding = new(["chunked", "chunked"]);
        Assert.Equal("ambiguous-framing", RequestFraming.Violation(context, null)?.Reason);
    }

    [Fact]
    public void Violation_LengthBesideCoding_IsRefused() => Assert.Equal(
        "ambiguous-framing", RequestFraming.Violation(With("HTTP/1.1", ("Transfer-Encoding", "chunked"), ("X-Content-Length", "5")), null)?.Reason);

    [Fact]
    public void Violation_UpgradeWithBody_IsRefused()
    {
        var context = With("HTTP/1.1", ("Upgrade", "websocket"));
        Assert.Null(RequestFraming.Violation(context, null));
        context.Request.ContentLength = 5;
        Assert.Equal("ambiguous-framing", RequestFraming.Violation(context, null)?.Reason);
    }

    [Fact]
    public void Violation_CodingInOldVersion_IsRefused() =>
        Assert.Equal("ambiguous-framing", RequestFraming.Violation(With("HTTP/1.0", ("Transfer-Encoding", "chunked")), null)?.Reason);

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "body-too-large")]
    public void Violation_Length_IsBounded(int length, string? reason)
    {
        var context = With("HTTP/1.1");
        context.Request.ContentLength = length;
        Assert.Equal(reason, RequestFraming.Violation(context, 10)?.Reason);
        Assert.Null(RequestFraming.Violation(context, null));
    }

    [Fact]
    public void Violation_Connect_IsRefused()
    {
        var context = With("HTTP/1.1");
        context.Request.Method = "CONNECT";
        Assert.Equal(501, RequestFraming.Violation(context, null)?.Status);
    }

    private static DefaultHttpContext With(string protocol, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Protocol) = ("POST", protocol);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return context;
    }
}
