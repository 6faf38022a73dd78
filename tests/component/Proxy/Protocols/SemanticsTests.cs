using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Protocols;

public sealed class SemanticsTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Host = "Host: alice.demo.actors.localhost\r\n";

    [Theory]
    [InlineData("OPTIONS")]
    [InlineData("PATCH")]
    [InlineData("BREW")]
    [InlineData("PROPFIND")]
    [InlineData("TRACE")]
    public async Task Request_AnyMethod_ReachesTheActorAsItIs(string method)
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var request = new HttpRequestMessage(new HttpMethod(method), Installation.At("alice"));
        using var response = await world.Client.SendAsync(request);
        Assert.Equal(method, (await response.Content.ReadFromJsonAsync<Echo>())!.Method);
    }

    [Fact]
    public async Task Head_OfAPage_HasItsHeadersAndNoBody()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var answer = await RawClient.AskAsync(world.Address, $"HEAD /x HTTP/1.1\r\n{Host}Connection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expect_Continue_ComesWhenTheActorWantsTheBody()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await using var client = await RawClient.ConnectAsync(world.Address);
        await client.SendAsync($"POST /mirror HTTP/1.1\r\n{Host}Expect: 100-continue\r\nContent-Length: 4\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100 Continue\r\n\r\n", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        await client.SendAsync("body");
        Assert.Contains("body", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_OfOtherThanAscii_PassByteForByte()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var answer = await RawClient.AskAsync(world.Address, $"GET / HTTP/1.1\r\n{Host}X-Name: caf\u00e9 \u00c3\u00bc\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);

        // The actor took them for Latin-1, and tells so in UTF-8.
        Assert.Contains("caf\u00c3\u00a9 \u00c3\u0083\u00c2\u00bc", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forwarded_FromATrustedNetwork_IsContinued()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:TrustedNetworks:0", "127.0.0.0/8"));
        await world.CreateAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, Installation.At("alice"));
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "shop.example.com");
        request.Headers.Add("Forwarded", "for=203.0.113.7;proto=https");
        request.Headers.Add("Substrate-Actor", "bob");
        using var response = await world.Client.SendAsync(request);
        var headers = (await response.Content.ReadFromJsonAsync<Echo>())!.Headers;
        Assert.Equal(
            ("203.0.113.7, 127.0.0.1", "https", "shop.example.com", "alice"),
            (headers["X-Forwarded-For"], headers["X-Forwarded-Proto"], headers["X-Forwarded-Host"], headers["Substrate-Actor"]));
        Assert.StartsWith("for=203.0.113.7;proto=https, for=127.0.0.1", headers["Forwarded"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task WebSocket_OverHttp2_TalksBothWays()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var invoker = new HttpMessageInvoker(world.NewHandler());
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri("ws://alice.demo.actors.localhost/ws"), invoker, TestContext.Current.CancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        var answer = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("hello", Encoding.UTF8.GetString(buffer, 0, answer.Count));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WebSocket_MalformedFrames_EndItAndNothingElse()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await using var client = await RawClient.ConnectAsync(world.Address);
        await client.SendAsync(
            $"GET /ws HTTP/1.1\r\n{Host}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 101", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);

        // A reserved opcode, not masked, and a length that nothing follows.
        await client.SendAsync(new byte[] { 0xFF, 0x7F, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 });
        await client.ReadToEndAsync();
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        Assert.Single(world.Nodes[0].Activations);
    }

    [Fact]
    public async Task Client_StopsReading_IsCutOffAndNobodyElseNotices()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ClientRate", "1000000"), ("Proxy:ClientPatience", "00:00:01.1"));
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        await using var client = await RawClient.ConnectAsync(world.Address, receiveBuffer: 4096);
        await client.SendAsync($"GET /endless HTTP/1.1\r\n{Host}\r\n");
        await Eventually.TrueAsync(() => actor.Endless == 1, Installation.Soon, "the actor writes");
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        await Eventually.TrueAsync(() => actor.Endless == 0, Installation.Soon, "the actor is told that nobody reads");
    }

    [Fact]
    public async Task Client_SendsItsHeadTooSlowly_IsCutOff()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:HeadTimeout", "00:00:00.2"));
        await using var slow = await RawClient.ConnectAsync(world.Address);
        await slow.SendAsync($"GET / HTTP/1.1\r\n{Host}X: ");
        Assert.StartsWith("HTTP/1.1 408", await slow.ReadToEndAsync(), StringComparison.Ordinal);
        await using var silent = await RawClient.ConnectAsync(world.Address);
        Assert.Equal("", await silent.ReadToEndAsync());
    }

    [Fact]
    public async Task Client_OwesItsBody_IsCutOffButAStreamMayPause()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ClientRate", "1000000"), ("Proxy:ClientPatience", "00:00:01.1"));
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await using var stream = await RawClient.ConnectAsync(world.Address);
        await stream.SendAsync($"POST /parts HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\none\r\n");
        var owed = await RawClient.AskAsync(world.Address, $"POST /digest HTTP/1.1\r\n{Host}Content-Length: 100\r\n\r\nshort");
        Assert.StartsWith("HTTP/1.1 408", owed, StringComparison.Ordinal);
        Assert.Equal(["one"], world.Nodes[0].Actors[key].Parts);
        await stream.SendAsync("3\r\ntwo\r\n0\r\n\r\n");
        Assert.Contains("one,two", await stream.ReadToEndAsync(), StringComparison.Ordinal);
    }
}
