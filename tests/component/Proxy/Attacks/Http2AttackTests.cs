using System.Text;
using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Attacks;

/// <summary>What is known to have brought HTTP/2 servers down: the attacker is cut off, memory stays, and others are served.</summary>
public sealed class Http2AttackTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    [Fact]
    public async Task RapidReset_OfManyStreams_EndsTheConnectionAndLeavesNoRequestBehind()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await world.AskAsync("alice");
        await using var attacker = await OpenAsync(world);
        var head = Head("/late");
        await SendUntilCutOffAsync(attacker, id => [.. Frame(Headers, EndHeaders | EndStream, id, head), .. Frame(Reset, 0, id, [0, 0, 0, 8])]);
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
        await Eventually.TrueAsync(
            () => world.Nodes[0].Actors.Values.Single().Connections <= 1, Installation.Soon, "nothing of the streams that were reset is left with the actor");
    }

    [Fact]
    public async Task Continuation_WithoutEnd_EndsTheConnection()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await using var attacker = await OpenAsync(world);
        await attacker.SendAsync(Frame(Headers, EndStream, 1, Head("/")));
        var more = Frame(Continuation, 0, 1, [.. Literal("x-more", new string('a', 100))]);
        await SendUntilCutOffAsync(attacker, _ => more);
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
    }

    [Fact]
    public async Task HeaderBomb_ThatUnfoldsAThousandTimes_IsRefused()
    {
        await using var world = await Installation.StartAsync(redis);
        await world.CreateAsync("alice");
        await using var attacker = await OpenAsync(world);

        // One long header enters the table (RFC 7541, 6.2.1), then a byte each repeats it.
        byte[] bomb = [.. Head("/"), 0x40, .. Text("x"), .. Text(new string('a', 3_000)), .. Enumerable.Repeat((byte)0xBE, 10_000)];
        await attacker.SendAsync(Frame(Headers, EndHeaders | EndStream, 1, bomb));
        await attacker.ReadToEndAsync();
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
    }

    [Fact]
    public async Task SettingsAndPings_NeverReadBack_EndTheConnection()
    {
        await using var world = await Installation.StartAsync(redis, 1, ("Proxy:ClientRate", "1000000"), ("Proxy:ClientPatience", "00:00:01.1"));
        await world.CreateAsync("alice");
        await using var attacker = await OpenAsync(world);
        var ping = Frame(Ping, 0, 0, new byte[8]);
        byte[] many = [.. Enumerable.Repeat(ping, 500).SelectMany(static p => p)];
        await SendUntilCutOffAsync(attacker, _ => many, read: false);
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
    }

    private static async Task<RawClient> OpenAsync(Installation world)
    {
        var client = await RawClient.ConnectAsync(world.Address, receiveBuffer: 4096);
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        await client.SendAsync(Frame(Settings, 0, 0, []));
        return client;
    }

    // Sends until the other side ends the connection. That it does is what is tested, so there is a limit to what is sent.
    private static async Task SendUntilCutOffAsync(RawClient client, Func<int, byte[]> next, bool read = true)
    {
        const int Most = 16 << 20;
        var sent = 0;
        var reading = read ? client.ReadToEndAsync() : Task.FromResult("");
        try
        {
            for (var id = 1; sent < Most && (!read || !reading.IsCompleted); id += 2)
            {
                var bytes = next(id);
                await client.SendAsync(bytes).WaitAsync(Installation.Soon);
                sent += bytes.Length;
            }
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Cut off.
        }

        Assert.True(sent < Most, $"{sent} bytes were taken in");
        await reading;
    }

    private static byte[] Frame(byte type, int flags, int stream, byte[] payload) =>
    [
        (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, (byte)flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    // :method GET, :scheme http, then :path and :authority as literals that are not indexed.
    private static byte[] Head(string path) => [0x82, 0x86, 0x04, .. Text(path), 0x01, .. Text("alice.demo.actors.localhost")];

    private static byte[] Literal(string name, string value) => [0x00, .. Text(name), .. Text(value)];

    // A string of HPACK, not compressed: its length with a prefix of seven bits.
    private static byte[] Text(string text)
    {
        var length = new List<byte>();
        if (text.Length < 127)
        {
            length.Add((byte)text.Length);
        }
        else
        {
            length.Add(127);
            var rest = text.Length - 127;
            for (; rest >= 128; rest /= 128)
            {
                length.Add((byte)((rest % 128) | 128));
            }

            length.Add((byte)rest);
        }

        return [.. length, .. Encoding.ASCII.GetBytes(text)];
    }
}
