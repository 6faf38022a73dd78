using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Substrate.NodeAgent.V1;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Protocols;

public sealed class ProtocolTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    [Fact]
    public async Task WebSocket_ToASuspendedActor_TalksBothWaysAndCloses()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var invoker = world.NewClient();
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri("ws://alice.demo.actors.localhost/ws"), invoker, TestContext.Current.CancellationToken);
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"hello {i}"), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);
            var buffer = new byte[64];
            var answer = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal($"hello {i}", Encoding.UTF8.GetString(buffer, 0, answer.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", TestContext.Current.CancellationToken);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task EventStream_EachPart_ArrivesBeforeTheNextIsWritten()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        actor.Next.Release();
        using var response = await world.Client.GetAsync(Installation.At("alice", "/stream"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("data: 0", await LineAsync(reader));
        actor.Next.Release();
        Assert.Equal("data: 1", await LineAsync(reader));
        actor.Next.Release();
        Assert.Equal("data: 2", await LineAsync(reader));
    }

    [Fact]
    public async Task Chunked_BodyOfUnknownLength_ArrivesPartByPart()
    {
        await using var world = await Installation.StartAsync(redis);
        var key = await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var actor = world.Nodes[0].Actors[key];
        var pipe = new System.IO.Pipelines.Pipe();
        using var request = new HttpRequestMessage(HttpMethod.Post, Installation.At("alice", "/parts"));
        request.Content = new FlushedContent(pipe.Reader.AsStream());
        var sending = world.Client.SendAsync(request);
        await pipe.Writer.WriteAsync("one"u8.ToArray());
        await Eventually.TrueAsync(() => actor.Parts.Count == 1, Installation.Soon, "the first part is there before the second is sent");
        await pipe.Writer.WriteAsync("two"u8.ToArray());
        await pipe.Writer.CompleteAsync();
        using var response = await sending;
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal("one,two", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task LargeBody_SentWhileTheActorWakes_IsReadOnlyOnceItIsUpAndArrivesWhole()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        var gate = new TaskCompletionSource<ActivateReply?>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Nodes[0].Before = _ => gate.Task;
        var data = new byte[64 * 1024 * 1024];
        new Random(1).NextBytes(data);
        using var source = new CountingStream(data);
        var sending = world.Client.PostAsync(Installation.At("alice", "/digest"), new StreamContent(source, 65536));
        await Eventually.TrueAsync(() => !world.Nodes[0].Activations.IsEmpty, Installation.Soon, "the node is asked");

        // What was sent so far fits into socket buffers and Kestrel's own; the rest waits with the caller.
        Assert.True(source.Read64K < data.Length / 65536 / 2, $"{source.Read64K} blocks were taken from a caller whose actor is not up");
        gate.SetResult(null);
        using var response = await sending;
        Assert.Equal(Convert.ToHexString(SHA256.HashData(data)), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task ClearText_EitherVersion_IsServedOnTheSamePort(string version)
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Installation.At("alice", "/mirror"))
            {
                Version = Version.Parse(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("body"),
            };
            using var response = await world.Client.SendAsync(request);
            Assert.Equal(("body", request.Version), (await response.Content.ReadAsStringAsync(), response.Version));
        }
    }

    [Fact]
    public async Task Headers_OfTheForwardedRequest_TellWhoCalledAndCannotBeForged()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Installation.At("alice", "/%41/b%2Fc?x=%20y"), AsWritten));
        request.Headers.Add("X-Forwarded-For", "6.6.6.6");
        request.Headers.Add("X-Forwarded-Prefix", "/evil");
        request.Headers.Add("Forwarded", "for=6.6.6.6");
        request.Headers.Add("Substrate-Actor", "bob");
        request.Headers.Add("substrate_epoch", "1");
        request.Headers.Add("SUBSTRATE-Atespace", "other");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using var response = await world.Client.SendAsync(request);
        var echo = (await response.Content.ReadFromJsonAsync<Echo>())!;
        Assert.Equal("/%41/b%2Fc?x=%20y", echo.Target);
        Assert.Equal("127.0.0.1", echo.Headers["X-Forwarded-For"]);
        Assert.Equal("for=127.0.0.1;host=\"alice.demo.actors.localhost\";proto=http", echo.Headers["Forwarded"]);
        Assert.Equal(
            ("alice", "demo", echo.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            (echo.Headers["Substrate-Actor"], echo.Headers["Substrate-Atespace"], echo.Headers["Substrate-Epoch"]));
        Assert.DoesNotContain(echo.Headers.Keys, static name => name.Contains('_', StringComparison.Ordinal));
        Assert.Equal("alice.demo.actors.localhost", echo.Headers["X-Forwarded-Host"]);
        Assert.Equal("http", echo.Headers["X-Forwarded-Proto"]);
        Assert.Equal("alice.demo.actors.localhost", echo.Headers["Host"]);
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", echo.Headers["traceparent"]);
        Assert.False(echo.Headers.ContainsKey("X-Forwarded-Prefix"));
        Assert.False(response.Headers.Contains("Server-Timing"));
    }

    [Theory]
    [InlineData("/actors/demo/alice", "/")]
    [InlineData("/actors/demo/alice/", "/")]
    [InlineData("/actors/demo/alice/x/%41?q", "/x/%41?q")]
    public async Task PathForm_Prefix_IsStrippedAndTold(string path, string target)
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        var echo = (await world.Client.GetFromJsonAsync<Echo>(new Uri("http://localhost" + path, AsWritten)))!;
        Assert.Equal(("demo/alice", target, "/actors/demo/alice"), (echo.Actor, echo.Target, echo.Headers["X-Forwarded-Prefix"]));
    }

    [Fact]
    public async Task ServerTiming_WhenOn_ShowsThePhasesOfAColdAnswerOnly()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ServerTiming", "true"));
        await world.CreateAsync("alice");
        using var cold = await world.Client.GetAsync(Installation.At("alice"));
        Assert.Contains("restore;dur=0.5", string.Join(", ", cold.Headers.GetValues("Server-Timing")), StringComparison.Ordinal);
        using var hot = await world.Client.GetAsync(Installation.At("alice"));
        Assert.False(hot.Headers.Contains("Server-Timing"));
    }

    private static async Task<string?> LineAsync(StreamReader reader)
    {
        var line = await reader.ReadLineAsync().WaitAsync(Installation.Soon);
        return line is "" ? await reader.ReadLineAsync().WaitAsync(Installation.Soon) : line;
    }

    private sealed class CountingStream(byte[] data) : MemoryStream(data)
    {
        private int _read;

        public int Read64K => Volatile.Read(ref _read);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _read);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    // A caller that sends what it has at once.
    private sealed class FlushedContent(Stream source) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            var buffer = new byte[1024];
            for (var read = await source.ReadAsync(buffer); read > 0; read = await source.ReadAsync(buffer))
            {
                await stream.WriteAsync(buffer.AsMemory(0, read));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
