using Grpc.Core;
using Substrate.Proxy.ComponentTests.Protos;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>An actor's gRPC service.</summary>
internal sealed class Talking : Talk.TalkBase
{
    public override Task<Words> Say(Words request, ServerCallContext context)
    {
        if (request.Text == "fail")
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "as asked"), new Metadata { { "why", "the test" } });
        }

        context.ResponseTrailers.Add("actor", context.RequestHeaders.GetValue("substrate-actor") ?? "");
        return Task.FromResult(new Words { Text = request.Text });
    }

    public override async Task Count(Words request, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        for (var i = 1; i <= request.Number; i++)
        {
            await responseStream.WriteAsync(new Words { Number = i });
        }
    }

    public override async Task<Words> Sum(IAsyncStreamReader<Words> requestStream, ServerCallContext context)
    {
        var sum = 0;
        await foreach (var words in requestStream.ReadAllAsync())
        {
            sum += words.Number;
        }

        return new Words { Number = sum };
    }

    public override async Task Chat(IAsyncStreamReader<Words> requestStream, IServerStreamWriter<Words> responseStream, ServerCallContext context)
    {
        await foreach (var words in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(new Words { Text = words.Text + "!" });
        }
    }
}
