using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Substrate.Scheduler.ComponentTests.Fakes;

namespace Substrate.Scheduler.ComponentTests.Api;

/// <summary>A client that knows nothing but the published interface: names of methods, numbers of fields. It dials as the original's does.</summary>
public sealed class ContractTests
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(static (byte[] b) => b, static b => b);

    [Fact]
    public async Task Client_WithNamesAndNumbersByHand_GetsAnActorThroughItsLife()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;
        using var client = new Client(await OpenAsync(cluster));
        byte[] reference = [.. Text(1, "team"), .. Text(2, "alice")];

        Assert.Equal("team", Text(Message((await client.CallAsync("CreateAtespace", Text(1, "team"))).Answer, 1), 1));
        var created = await client.CallAsync("CreateActor", [.. Field(1, reference), .. Text(2, "demo"), .. Text(3, "counter")]);
        var actor = Message(created.Answer, 1);
        Assert.Equal(("alice", "demo", "counter", "team"), (Text(actor, 1), Text(actor, 3), Text(actor, 4), Text(actor, 15)));
        Assert.Equal((1L, 4L), (Number(actor, 2), Number(actor, 5)));
        Assert.True(long.Parse(created.Trailers.GetValue("x-server-elapsed-us")!, null) >= 0);

        var running = Message((await client.CallAsync("ResumeActor", Field(1, reference))).Answer, 1);
        Assert.Equal((2L, "n1", "pool-a"), (Number(running, 5), Text(running, 7), Text(running, 14)));
        Assert.Equal(6L, Number(Message((await client.CallAsync("PauseActor", Field(1, reference))).Answer, 1), 5));
        Assert.Equal(4L, Number(Message((await client.CallAsync("SuspendActor", Field(1, reference))).Answer, 1), 5));
        Assert.Equal("alice", Text(Message((await client.CallAsync("ListActors", Text(3, "team"))).Answer, 1), 1));
        Assert.Empty((await client.CallAsync("DeleteActor", Field(1, reference))).Answer);
        Assert.Empty((await client.CallAsync("DeleteAtespace", Text(1, "team"))).Answer);
    }

    [Fact]
    public async Task Calls_HostileFields_AreRefusedAndChangeNothing()
    {
        await using var cluster = await Cluster.EmptyAsync();
        using var client = new Client(await OpenAsync(cluster));
        byte[] Actor(string atespace, string name) => [.. Field(1, [.. Text(1, atespace), .. Text(2, name)]), .. Text(2, "demo"), .. Text(3, "counter")];

        foreach (var name in new[] { "a\0b", "../etc", "A", "-a", "a b", "a\u001b[31m", "{x}", "é" })
        {
            foreach (var method in new[] { "CreateActor", "GetActor", "SuspendActor", "PauseActor", "ResumeActor", "DeleteActor" })
            {
                await RefusedAsync(client, method, Actor("demo", name), "invalid actor_id: must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'");
                await RefusedAsync(client, method, Actor(name, "a"), "invalid atespace: must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'");
            }

            await RefusedAsync(client, "CreateAtespace", Text(1, name), "invalid atespace: must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'");
        }

        await RefusedAsync(client, "CreateActor", Actor("demo", new string('a', 64)), "invalid actor_id: must be no more than 63 characters");
        await RefusedAsync(client, "ListActors", [8, 0xE9, 7], "page_size 1001 exceeds maximum page size 1000");
        await RefusedAsync(client, "ListActors", Text(2, "%00"), "invalid page token");
        var huge = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync("CreateActor", Actor("demo", new string('a', 10_000_000))));
        Assert.Equal(StatusCode.ResourceExhausted, huge.StatusCode);

        // Unknown fields and enum values are what a newer client sends: passed over.
        await client.CallAsync("CreateActor", [.. Actor("demo", "a"), .. Text(99, "new")]);
        Assert.Equal("a", (await cluster.Control.ListActorsAsync(new())).Actors.Single().ActorId);
        Assert.Equal("demo", (await cluster.Control.ListAtespacesAsync(new())).Atespaces.Single().Name);
    }

    private static async Task<string> OpenAsync(Cluster cluster) => Cluster.Address(await cluster.AddSchedulerAsync());

    private static async Task RefusedAsync(Client client, string method, byte[] request, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => client.CallAsync(method, request));
        Assert.Equal((StatusCode.InvalidArgument, message), (error.StatusCode, error.Status.Detail));
        Assert.NotNull(error.Trailers.GetValue("x-server-elapsed-us"));
    }

    private static byte[] Text(int number, string value) => Field(number, System.Text.Encoding.UTF8.GetBytes(value));

    private static byte[] Field(int number, byte[] value)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return stream.ToArray();
    }

    private static string Text(byte[] message, int number) => System.Text.Encoding.UTF8.GetString(Message(message, number));

    private static byte[] Message(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag >> 3 == number)
            {
                return input.ReadBytes().ToByteArray();
            }

            input.SkipLastField();
        }

        return [];
    }

    private static long Number(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag >> 3 == number)
            {
                return input.ReadInt64();
            }

            input.SkipLastField();
        }

        return 0;
    }

    private sealed class Client(string address) : IDisposable
    {
        private readonly GrpcChannel _channel = GrpcChannel.ForAddress(address, new()
        {
            HttpHandler = new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null } },
            DisposeHttpClient = true,
        });

        public async Task<(byte[] Answer, Metadata Trailers)> CallAsync(string name, byte[] request)
        {
            var method = new Method<byte[], byte[]>(MethodType.Unary, "ateapi.Control", name, Bytes, Bytes);
            using var call = _channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Cluster.Token), request);
            return (await call.ResponseAsync, call.GetTrailers());
        }

        public void Dispose() => _channel.Dispose();
    }
}
