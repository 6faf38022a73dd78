using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Framing;

/// <summary>Requests whose end or meaning two servers could see differently are answered 400, the connection ends, and no actor sees them.</summary>
public sealed class HostileFramingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Host = "Host: alice.demo.actors.localhost\r\n";
    private const string Smuggled = "GET /smuggled HTTP/1.1\r\nHost: bob.demo.actors.localhost\r\n\r\n";

    private static readonly (string What, string Request)[] Ambiguous =
    [
        ("both lengths", $"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("both lengths, the other way round", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("another coding before", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("chunked twice", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("coding that is none", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("coding with a vertical tab", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("coding in 1.0", $"POST / HTTP/1.0\r\n{Host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("two lengths", $"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello{Smuggled}"),
        ("one length twice", $"POST / HTTP/1.1\r\n{Host}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello{Smuggled}"),
        ("a list of lengths", $"POST / HTTP/1.1\r\n{Host}Content-Length: 5, 5\r\n\r\nhello{Smuggled}"),
        ("signed length", $"POST / HTTP/1.1\r\n{Host}Content-Length: +5\r\n\r\nhello{Smuggled}"),
        ("negative length", $"POST / HTTP/1.1\r\n{Host}Content-Length: -5\r\n\r\nhello{Smuggled}"),
        ("length in hexadecimal", $"POST / HTTP/1.1\r\n{Host}Content-Length: 0x5\r\n\r\nhello{Smuggled}"),
        ("length too long", $"POST / HTTP/1.1\r\n{Host}Content-Length: 99999999999999999999\r\n\r\nhello{Smuggled}"),
        ("bare LF behind the request line", $"GET / HTTP/1.1\n{Host}\r\n{Smuggled}"),
        ("bare LF behind a header", $"GET / HTTP/1.1\r\nX: 1\n{Host}\r\n{Smuggled}"),
        ("bare LF at the end", $"GET / HTTP/1.1\r\n{Host}\n{Smuggled}"),
        ("bare CR in a header", $"GET / HTTP/1.1\r\n{Host}X: a\rb\r\n\r\n{Smuggled}"),
        ("NUL in a header", $"GET / HTTP/1.1\r\n{Host}X: a\0b\r\n\r\n{Smuggled}"),
        ("folded header", $"GET / HTTP/1.1\r\n{Host}X: a\r\n b\r\n\r\n{Smuggled}"),
        ("folded coding", $"POST / HTTP/1.1\r\n{Host}Transfer-Encoding:\r\n chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{Smuggled}"),
        ("space before the colon", $"POST / HTTP/1.1\r\n{Host}Content-Length : 5\r\n\r\nhello{Smuggled}"),
        ("header without name", $"GET / HTTP/1.1\r\n{Host}: x\r\n\r\n{Smuggled}"),
        ("header without colon", $"GET / HTTP/1.1\r\n{Host}nothing\r\n\r\n{Smuggled}"),
        ("two hosts", $"GET / HTTP/1.1\r\n{Host}Host: bob.demo.actors.localhost\r\n\r\n{Smuggled}"),
        ("one host twice", $"GET / HTTP/1.1\r\n{Host}{Host}\r\n{Smuggled}"),
        ("no host", $"GET / HTTP/1.1\r\n\r\n{Smuggled}"),
        ("host with a slash", $"GET / HTTP/1.1\r\nHost: alice.demo.actors.localhost/x\r\n\r\n{Smuggled}"),
        ("host with a user", $"GET / HTTP/1.1\r\nHost: x@alice.demo.actors.localhost\r\n\r\n{Smuggled}"),
        ("another host in the target", $"GET http://bob.demo.actors.localhost/ HTTP/1.1\r\n{Host}\r\n{Smuggled}"),
        ("two spaces in the request line", $"GET  / HTTP/1.1\r\n{Host}\r\n{Smuggled}"),
        ("unknown version", $"GET / HTTP/1.2\r\n{Host}\r\n{Smuggled}"),
        ("an upgrade with a body", $"GET / HTTP/1.1\r\n{Host}Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 5\r\n\r\nhello{Smuggled}"),
    ];

    private static readonly (string What, string Request)[] BrokenBodies =
    [
        ("size that is no number", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("size too long", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("negative size", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("more data than the size", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("bare LF behind the size", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("bare LF in an extension", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5;x\nhello\r\n0\r\n\r\n{Smuggled}"),
        ("bare LF behind the data", $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n{Smuggled}"),
    ];

    [Fact]
    public async Task Request_Ambiguous_Is400AndTheConnectionEnds()
    {
        await using var world = await Installation.StartAsync(redis);
        var watched = await Watched.StartAsync(world);
        foreach (var (what, request) in Ambiguous)
        {
            var answer = await RawClient.AskAsync(world.Address, request);
            Assert.True(IsRefusal(answer), $"{what}: {answer}");
            watched.AssertUntouched(what);
        }
    }

    [Fact]
    public async Task Body_BrokenChunks_Is400TheConnectionEndsAndNothingBehindItIsServed()
    {
        await using var world = await Installation.StartAsync(redis);
        var watched = await Watched.StartAsync(world);
        foreach (var (what, request) in BrokenBodies)
        {
            var answer = await RawClient.AskAsync(world.Address, request);
            Assert.True(IsRefusal(answer), $"{what}: {answer}");
            Assert.Single(watched.Bob.Requests);
            Assert.DoesNotContain("demo/bob", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1_000, 10, "431")]
    [InlineData(50, 2_000, "431")]
    [InlineData(1, 200_000, "431")]
    public async Task Request_TooManyOrTooLongHeaders_Is431(int count, int length, string status)
    {
        await using var world = await Installation.StartAsync(redis);
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"));
        Assert.StartsWith($"HTTP/1.1 {status}", await RawClient.AskAsync(world.Address, $"GET / HTTP/1.1\r\n{Host}{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_HugeHost_IsRefusedInPlaceAndShownInPart()
    {
        await using var world = await Installation.StartAsync(redis);
        var answer = await RawClient.AskAsync(
            world.Address, $"GET / HTTP/1.1\r\nHost: {new string('a', 10_000)}.actors.localhost\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.True(answer.Length < 2_000);
    }

    [Fact]
    public async Task Request_HugeTarget_Is414()
    {
        await using var world = await Installation.StartAsync(redis);
        Assert.StartsWith(
            "HTTP/1.1 414", await RawClient.AskAsync(world.Address, $"GET /{new string('a', 20_000)} HTTP/1.1\r\n{Host}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_OverTheLimit_Is413WhetherAnnouncedOrNot()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:MaxRequestBody", "1000"));
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        var announced = await RawClient.AskAsync(world.Address, $"POST /digest HTTP/1.1\r\n{Host}Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", announced, StringComparison.Ordinal);
        Assert.DoesNotContain("100 Continue", announced, StringComparison.Ordinal);
        var chunks = string.Concat(Enumerable.Repeat("64\r\n" + new string('a', 100) + "\r\n", 20));
        var streamed = await RawClient.AskAsync(world.Address, $"POST /digest HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 413", streamed, StringComparison.Ordinal);
        Assert.Contains("Substrate-Reason: body-too-large", streamed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_ToAnywhere_OpensNoTunnel()
    {
        await using var world = await Installation.StartAsync(redis);
        var answer = await RawClient.AskAsync(world.Address, "CONNECT alice.demo.actors.localhost:80 HTTP/1.1\r\nHost: alice.demo.actors.localhost:80\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 501", answer, StringComparison.Ordinal);
    }

    // One answer, and it is a refusal.
    private static bool IsRefusal(string answer) =>
        (answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal))
        && answer.IndexOf("HTTP/1.1", 8, StringComparison.Ordinal) < 0;

    // Two actors that run, and what they had seen before.
    private sealed class Watched(FakeActor alice, FakeActor bob)
    {
        private readonly int _before = alice.Requests.Count + bob.Requests.Count;

        public FakeActor Bob => bob;

        public static async Task<Watched> StartAsync(Installation world)
        {
            var actors = new List<FakeActor>();
            foreach (var name in new[] { "alice", "bob" })
            {
                var key = await world.CreateAsync(name);
                await world.AskAsync(name);
                actors.Add(world.Nodes[0].Actors[key]);
            }

            return new(actors[0], actors[1]);
        }

        public void AssertUntouched(string what) => Assert.True(_before == alice.Requests.Count + bob.Requests.Count, $"{what}: an actor was asked");
    }
}
