using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Substrate.Proxy.Forwarding;
using Substrate.Proxy.Routing;

namespace Substrate.Proxy.UnitTests.Forwarding;

public sealed class TargetTests
{
    [Theory]
    [InlineData("/", "/", "", "/")]
    [InlineData("/a%41%2f~?x=%20", "/aA%2f~", "?x=%20", "/a%41%2f~?x=%20")]
    [InlineData("/a/%2e%2e/b", "/b", "", "/b")]
    [InlineData("/a/../b", "/b", "", "/b")]
    [InlineData("http://host/a?b", "/a", "?b", "/a?b")]
    [InlineData("*", "", "", "/")]
    [InlineData("/a\rb", "/a\rb", "", "/a%0Db")]
    public void Write_ByHost_KeepsTheTargetWhereThatIsSafe(string raw, string path, string query, string expected) =>
        Assert.Equal(expected, Write(raw, path, query, byPath: false));

    [Theory]
    [InlineData("/actors/demo/alice", "/actors/demo/alice", "", "/")]
    [InlineData("/actors/demo/alice?x", "/actors/demo/alice", "?x", "/?x")]
    [InlineData("/actors/demo/alice/%41?x", "/actors/demo/alice/A", "?x", "/%41?x")]
    [InlineData("/actors/x/../demo/alice/b", "/actors/demo/alice/b", "", "/b")]
    [InlineData("/%61ctors/demo/alice/b", "/actors/demo/alice/b", "", "/b")]
    public void Write_ByPath_StripsThePrefix(string raw, string path, string query, string expected) =>
        Assert.Equal(expected, Write(raw, path, query, byPath: true));

    private static string Write(string raw, string path, string query, bool byPath)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = raw;
        context.Request.Path = new PathString(path);
        context.Request.QueryString = new QueryString(query);
        var uri = Target.Write(context, "http://127.0.0.1:9", byPath ? ActorPath.PrefixLength(path) : 0);
        Assert.Equal("127.0.0.1:9", uri.Authority);
        return uri.PathAndQuery;
    }
}
