using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.Proxy.ComponentTests.World;
using Substrate.State.Templates;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Answers;

/// <summary>Actors that answer what is no answer.</summary>
public sealed class BrokenActorTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Theory]
    [InlineData("I am no HTTP\r\n\r\n", "actor-answer-broken")]
    [InlineData("HTTP/1.1 banana\r\n\r\n", "actor-answer-broken")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "actor-connection-broken")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "actor-answer-broken")]
    [InlineData("", "actor-connection-broken")]
    public async Task Answer_Garbage_Is502WithItsReason(string answer, string reason)
    {
        await using var world = await Installation.StartAsync(redis);
        await using var actor = RawActor.Start(answer);
        world.Nodes[0].Impersonate(actor.Endpoint);
        await world.CreateAsync("alice");
        using var response = await world.Client.PostAsync(Installation.At("alice"), new ByteArrayContent([]));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(reason, Assert.Single(response.Headers.GetValues("Substrate-Reason")));
    }

    [Fact]
    public async Task Answer_WithAnEndlessHead_Is502()
    {
        await using var world = await Installation.StartAsync(redis);
        await using var actor = RawActor.Start("HTTP/1.1 200 OK\r\nX: " + new string('a', 200_000));
        world.Nodes[0].Impersonate(actor.Endpoint);
        await world.CreateAsync("alice");
        using var response = await world.Client.PostAsync(Installation.At("alice"), new ByteArrayContent([]));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task Answer_ClaimsToBeTheProxys_IsNotTakenForIt()
    {
        await using var world = await Installation.StartAsync(redis);
        await using var actor = RawActor.Start("HTTP/1.1 503 Busy\r\nSubstrate-Reason: proxy-queue-full\r\nContent-Length: 0\r\n\r\n");
        world.Nodes[0].Impersonate(actor.Endpoint);
        await world.CreateAsync("alice");
        using var response = await world.Client.GetAsync(Installation.At("alice"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.False(response.Headers.Contains("Substrate-Reason"));
    }

    [Theory]
    [InlineData("request")]
    [InlineData("idle")]
    public async Task Answer_LaterThanItsTemplateAllows_Is504(string limit)
    {
        await using var world = await Installation.StartAsync(redis);
        var short_ = TimeSpan.FromMilliseconds(300);
        await world.ApplyAsync(TemplatePhase.Ready, "", spec => spec with
        {
            Timeouts = limit == "request" ? new() { Request = short_ } : new() { Idle = short_ },
        });
        await world.CreateAsync("alice");
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        using var response = await world.Client.GetAsync(Installation.At("alice", "/late"));
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("actor-timeout", Assert.Single(response.Headers.GetValues("Substrate-Reason")));
    }

    // Answers every connection with the same bytes, once something was asked, and ends it.
    private sealed class RawActor : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private Task _serving = Task.CompletedTask;

        public string Endpoint => _listener.LocalEndpoint.ToString()!;

        public static RawActor Start(string answer)
        {
            var actor = new RawActor();
            actor._listener.Start();
            actor._serving = actor.ServeAsync(Encoding.Latin1.GetBytes(answer));
            return actor;
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(byte[] answer)
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    var asked = new byte[4096];
                    _ = await client.Client.ReceiveAsync(asked);
                    await client.GetStream().WriteAsync(answer);
                    client.Client.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                // Stopped, or the proxy had enough.
            }
        }
    }
}
