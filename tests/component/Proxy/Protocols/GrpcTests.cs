using Grpc.Core;
using Grpc.Net.Client;
using Substrate.Proxy.ComponentTests.Protos;
using Substrate.Proxy.ComponentTests.World;
using Substrate.State.Templates;
using Substrate.TestSupport.Redis;

namespace Substrate.Proxy.ComponentTests.Protocols;

/// <summary>gRPC to an actor whose template says <c>h2c</c>, by the client that .NET services use.</summary>
public sealed class GrpcTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Calls_OfAllFourKinds_PassWithTheirTrailers()
    {
        await using var world = await StartAsync();
        using var channel = Channel(world);
        var talk = new Talk.TalkClient(channel);

        using var said = talk.SayAsync(new Words { Text = "hello" });
        Assert.Equal("hello", (await said).Text);
        Assert.Equal("alice", said.GetTrailers().GetValue("actor"));

        using var counted = talk.Count(new Words { Number = 50 });
        var numbers = new List<int>();
        await foreach (var words in counted.ResponseStream.ReadAllAsync())
        {
            numbers.Add(words.Number);
        }

        Assert.Equal(Enumerable.Range(1, 50), numbers);

        using var summed = talk.Sum();
        foreach (var number in numbers)
        {
            await summed.RequestStream.WriteAsync(new Words { Number = number });
        }

        await summed.RequestStream.CompleteAsync();
        Assert.Equal(1275, (await summed).Number);

        // Each answer is read before the next question is put: neither direction waits for the end of the other.
        using var chat = talk.Chat();
        for (var i = 0; i < 5; i++)
        {
            await chat.RequestStream.WriteAsync(new Words { Text = $"{i}" });
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal($"{i}!", chat.ResponseStream.Current.Text);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, chat.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Call_ThatFails_CarriesStatusAndTrailers()
    {
        await using var world = await StartAsync();
        using var channel = Channel(world);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Talk.TalkClient(channel).SayAsync(new Words { Text = "fail" }));
        Assert.Equal((StatusCode.FailedPrecondition, "as asked"), (failure.StatusCode, failure.Status.Detail));
        Assert.Equal("the test", failure.Trailers.GetValue("why"));
    }

    [Fact]
    public async Task Request_OfHttp1_ReachesAnActorThatSpeaksHttp2()
    {
        await using var world = await StartAsync();
        Assert.Equal("demo/alice", (await world.AskAsync("alice")).Actor);
    }

    private async Task<Installation> StartAsync()
    {
        var world = await Installation.StartAsync(redis);
        await world.ApplyAsync(TemplatePhase.Ready, "", static spec => spec with { Container = spec.Container with { Protocol = ActorProtocol.H2c } });
        world.Nodes[0].H2c = true;
        await world.CreateAsync("alice");
        return world;
    }

    private static GrpcChannel Channel(Installation world) =>
        GrpcChannel.ForAddress("http://alice.demo.actors.localhost", new GrpcChannelOptions { HttpHandler = world.NewHandler(), DisposeHttpClient = true });
}
