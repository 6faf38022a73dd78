using Microsoft.AspNetCore.Http;
using Substrate.Proxy.Forwarding;

namespace Substrate.Proxy.UnitTests.Forwarding;

public sealed class RequestHeadersTests
{
    [Theory]
    [InlineData("Connection")]
    [InlineData("keep-alive")]
    [InlineData("TE")]
    [InlineData("Upgrade")]
    [InlineData("Proxy-Authorization")]
    [InlineData("Transfer-Encoding")]
    [InlineData("Substrate-Actor")]
    [InlineData("SUBSTRATE-epoch")]
    [InlineData("substrate_actor")]
    [InlineData("Substrate_Atespace")]
    [InlineData("Substrate-To")]
    [InlineData("Substrate-Anything")]
    [InlineData("X-Forwarded-For")]
    [InlineData("x_forwarded_for")]
    [InlineData("X-Real-IP")]
    [InlineData("Forwarded")]
    [InlineData(":authority")]
    public void Copy_OfTheConnectionOrOfOurs_StaysHere(string name) => Assert.True(RequestHeaders.IsWithheld(name));

    [Theory]
    [InlineData("Host")]
    [InlineData("Cookie")]
    [InlineData("traceparent")]
    [InlineData("Upgrade-Insecure-Requests")]
    [InlineData("my_header")]
    [InlineData("X-Substrate")]
    public void Copy_Others_GoOn(string name) => Assert.False(RequestHeaders.IsWithheld(name));

    [Fact]
    public void Copy_NamedByConnection_StaysHereUnlessTheMessageNeedsIt()
    {
        var to = Copy(("Connection", "X-Hop, close, Host, Content-Length"), ("X-Hop", "1"), ("Host", "a"), ("X-End", "2"));
        Assert.Equal(["Host", "X-End"], to.Headers.NonValidated.Select(static h => h.Key).Order());
    }

    [Fact]
    public void Copy_ContentHeaderWithoutContent_IsKeptForTheEmptyContent()
    {
        var to = Copy(("Content-Type", "text/x"), ("Content-Length", "0"));
        Assert.Null(to.Content);
        Assert.True(to.Options.TryGetValue(RequestHeaders.OfNoContent, out var headers));
        Assert.Equal([KeyValuePair.Create("Content-Type", "text/x")], headers);
    }

    [Fact]
    public void Copy_SeveralValues_AreKeptAndCookiesJoined()
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/2";
        context.Request.Headers["X-Many"] = new(["a", "b"]);
        context.Request.Headers.Cookie = new(["a=1", "b=2"]);
        context.Request.Headers.TE = "trailers";
        using var to = new HttpRequestMessage();
        RequestHeaders.Copy(context.Request, to);
        Assert.Equal(["a", "b"], to.Headers.GetValues("X-Many"));
        Assert.Equal("a=1; b=2", Assert.Single(to.Headers.GetValues("Cookie")));
        Assert.Equal("trailers", Assert.Single(to.Headers.GetValues("TE")));
    }

    [Fact]
    public void Copy_TeOfOldVersion_StaysHere() => Assert.False(Copy(("TE", "trailers")).Headers.NonValidated.Contains("TE"));

    private static HttpRequestMessage Copy(params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Protocol = "HTTP/1.1";
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        var to = new HttpRequestMessage();
        RequestHeaders.Copy(context.Request, to);
        return to;
    }
}
