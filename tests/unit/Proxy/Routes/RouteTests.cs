using Substrate.Proxy.Routes;
using Substrate.State.Actors;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.UnitTests.Routes;

public sealed class RouteTests
{
    private readonly CountingHandler _handler = new();

    [Fact]
    public void Dispose_Unused_ClosesItsConnectionsAtOnce()
    {
        var route = Make();
        route.Dispose();
        Assert.Equal(1, _handler.Disposals);
        Assert.False(route.TryEnter());
    }

    [Fact]
    public void Dispose_InUse_ClosesItsConnectionsWithTheLastRequest()
    {
        var route = Make();
        Assert.True(route.TryEnter());
        Assert.True(route.TryEnter());
        route.Dispose();
        route.Dispose();
        Assert.False(route.TryEnter());
        route.Leave();
        Assert.Equal(0, _handler.Disposals);
        route.Leave();
        Assert.Equal(1, _handler.Disposals);
    }

    [Fact]
    public async Task EnterAndDispose_AtOnceFromManyThreads_CloseOnceAndNeverUnderARequest()
    {
        for (var round = 0; round < 200; round++)
        {
            using var handler = new CountingHandler();
            using var route = new Route(Bench.Record(), Over(handler), 0);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(
                () =>
                {
                    for (var n = 0; n < 50; n++)
                    {
                        if (i == 0 && n == 25)
                        {
                            route.Dispose();
                        }

                        if (route.TryEnter())
                        {
                            Assert.Equal(0, handler.Disposals);
                            route.Leave();
                        }
                    }
                },
                CancellationToken.None)));
            Assert.Equal(1, handler.Disposals);
        }
    }

    [Fact]
    public void At_DeclaredPort_IsAnAddressOfItsOwnAndOthersAreNone()
    {
        using var route = new Route(
            Bench.Record() with { Endpoint = Endpoints.Write("10.0.0.9", 12_000, [(8081, 12_001)]) },
            Over(_handler) with { MainPort = 8080, Ports = System.Collections.Immutable.ImmutableDictionary<int, string>.Empty.Add(8081, "http://10.0.0.9:12001") },
            0);
        Assert.Equal("http://10.0.0.9:12000", route.At(0));
        Assert.Equal("http://10.0.0.9:12000", route.At(8080));
        Assert.Equal("http://10.0.0.9:12001", route.At(8081));
        Assert.Null(route.At(12_001));
    }

    [Fact]
    public void TakeTouched_AfterNoRequest_IsFalse()
    {
        using var route = Make();
        Assert.True(route.TakeTouched());
        Assert.False(route.TakeTouched());
        route.TryEnter();
        Assert.True(route.TakeTouched());
        Assert.True(route.TakeTouched());
        route.Leave();
        Assert.False(route.TakeTouched());
    }

    private Route Make() => new(Bench.Record(), Over(_handler), 0);

    private static Upstream Over(HttpMessageHandler handler) =>
        new(new HttpMessageInvoker(handler), ForwarderRequestConfig.Empty, HttpTransformer.Default, HttpTransformer.Default);

    private sealed class CountingHandler : HttpMessageHandler
    {
        public int Disposals { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            Disposals++;
            base.Dispose(disposing);
        }
    }
}
