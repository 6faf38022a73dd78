using System.Net;
using System.Net.WebSockets;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Operation;

public sealed class DrainTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Stop_WithRequestsAndStreams_EndsThemInOrder()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        using var invoker = world.NewClient();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://alice.demo.actors.localhost/ws"), invoker, TestContext.Current.CancellationToken);
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
        var buffer = new byte[64];
        await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        var late = world.AskAsync("alice", "/late");
        await Eventually.TrueAsync(() => actor.Requests.Count == 3, Installation.Soon, "the request is with the actor");

        var stopping = world.Proxy.StopAsync();
        var close = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.EndpointUnavailable), (close.MessageType, socket.CloseStatus));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        Assert.False(stopping.IsCompleted);
        actor.Next.Release();
        Assert.Equal("demo/alice", (await late).Actor);
        await stopping;
    }

    [Fact]
    public async Task Stop_WhileTheDelayLasts_IsNotReadyAndStillServes()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:DrainDelay", "00:10:00"));
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        using var hurry = new CancellationTokenSource();
        var stopping = world.Proxy.StopAsync(hurry.Token);
        using var ops = new HttpClient { BaseAddress = world.Ops };
        using var ready = await ops.GetAsync("/readyz");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "The proxy is stopping.\n"), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        await hurry.CancelAsync();
        await stopping;
    }

    [Fact]
    public async Task Stop_OfAnHttp2Connection_IsToldByGoAway()
    {
        await using var world = await Installation.StartAsync(redis);
        await using var client = await RawClient.ConnectAsync(world.Address);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0");
        await client.ReadAsync();
        var stopping = world.Proxy.StopAsync();
        var frames = await client.ReadToEndAsync();
        await stopping;

        // Length 8, type 7: GOAWAY.
        Assert.Contains("\0\0\b\u0007", frames, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Configuration_FileChanges_IsInForceAtOnceAndABadOneIsNot()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{ "Proxy": { "Suffixes": [ "one.example.com" ] } }""");
            await using var world = await Installation.StartAsync(redis, 1, ("--config", file));
            await world.CreateAsync("alice");
            Assert.Contains("demo/alice", await world.Client.GetStringAsync("http://alice.demo.one.example.com/"), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, """{ "Proxy": { "Suffixes": [ "two.example.com" ], "ServerTiming": "true" } }""");
            await Eventually.TrueAsync(
                async () => (await world.Client.GetAsync("http://alice.demo.two.example.com/")).IsSuccessStatusCode, Installation.Soon, "the new suffix counts");

            await File.WriteAllTextAsync(file, """{ "Proxy": { "Suffixes": [ "NOT A DOMAIN" ] } }""");
            ((Microsoft.Extensions.Configuration.IConfigurationRoot)world.Proxy.Configuration).Reload();
            var options = (Proxy.Configuration.LiveOptions)world.Proxy.Services.GetService(typeof(Proxy.Configuration.LiveOptions))!;
            Assert.Equal(["two.example.com"], options.Value.Suffixes);
            Assert.True((await world.Client.GetAsync("http://alice.demo.two.example.com/")).IsSuccessStatusCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task AccessLog_WhenOn_HasALineOfJsonForEachRequest()
    {
        var file = Path.GetTempFileName();
        try
        {
            await using (var world = await Installation.StartAsync(redis, 1, ("Proxy:AccessLog", file)))
            {
                await world.CreateAsync("alice");
                await world.AskAsync("alice");
                using var nobody = await world.Client.GetAsync(Installation.At("nobody", "/a\"b"));
                Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
                await Eventually.TrueAsync(async () => (await File.ReadAllLinesAsync(file)).Length == 2, Installation.Soon, "both are noted");
            }

            var lines = (await File.ReadAllLinesAsync(file)).Select(static l => System.Text.Json.JsonDocument.Parse(l).RootElement).ToArray();
            Assert.Equal((200, "alice", "held"), (lines[0].GetProperty("status").GetInt32(), lines[0].GetProperty("actor").GetString(), lines[0].GetProperty("route").GetString()));
            Assert.Equal("actor-not-found", lines[1].GetProperty("reason").GetString());
            Assert.Equal("127.0.0.1", lines[1].GetProperty("client").GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }
}
