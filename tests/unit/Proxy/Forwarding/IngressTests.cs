using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Substrate.Proxy.Forwarding;
using Substrate.Proxy.Operation;
using Substrate.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.UnitTests.Forwarding;

public sealed class IngressTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly Drain _drain;
    private readonly AccessLog _log;

    public IngressTests()
    {
        _drain = new(_bench.Live, _bench.Time, NullLogger<Drain>.Instance);
        _log = new(_bench.Live, _bench.Metrics, _bench.Time, new Random(1), NullLogger<AccessLog>.Instance);
        _bench.Routes.Publish(Bench.Record(), null, _bench.Time.GetTimestamp());
    }

    public void Dispose()
    {
        _log.Dispose();
        _drain.Dispose();
        _bench.Dispose();
    }

    [Theory]
    [InlineData("alice.demo.actors.localhost:8000", "/x", "")]
    [InlineData("localhost", "/actors/demo/alice/x", "")]
    [InlineData("localhost", "/x", "demo/alice")]
    public void Invoke_RouteIsThere_AllocatesNothing(string host, string path, string header)
    {
        var ingress = Make(new Forwarder(null));
        var context = Request(host, path, header);
        Measure(ingress, context);
        Assert.Equal(0, Measure(ingress, context));
    }

    [Fact]
    public void Invoke_AnswerTakesTime_AllocatesOneStateMachineAsAnyHandlerDoes()
    {
        var context = Request("alice.demo.actors.localhost", "/x", "");
        var forwarder = new Forwarder(new TaskCompletionSource<ForwarderError>());
        var ingress = Make(forwarder);
        var route = _bench.Routes.All.Single();
        Func<HttpContext, Task> bare = async c =>
            await forwarder.SendAsync(c, route.Destination, route.Upstream.Connections, route.Upstream.Config, route.Upstream.ByHost);
        Measure(ingress, context);
        MeasureBare(bare, context);
        Assert.InRange((Measure(ingress, context) - MeasureBare(bare, context)) / Rounds, 0, 96);
    }

    private const int Rounds = 100;

    private static long Measure(Ingress ingress, HttpContext context)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            _ = ingress.InvokeAsync(context);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static long MeasureBare(Func<HttpContext, Task> handler, HttpContext context)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++)
        {
            _ = handler(context);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static DefaultHttpContext Request(string host, string path, string header)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new NoBody());
        (context.Request.Method, context.Request.Protocol, context.Request.Host, context.Request.Path) = ("GET", "HTTP/1.1", new HostString(host), path);
        if (header.Length > 0)
        {
            context.Request.Headers[AddressSpace.Header] = header;
        }

        return context;
    }

    private Ingress Make(Forwarder forwarder)
    {
        var finder = new Finder(_bench.Routes, new Domains(null!, null!, _bench.Time, NullLogger<Domains>.Instance), _bench.Live);
        var answers = new Answers(_bench.Live, _bench.Metrics, _log, _bench.Time, NullLogger<Answers>.Instance);
        var streams = new Streams(_bench.Live, _drain);
        var holding = new Holding(
            finder, _bench.Flights, _bench.Routes, forwarder, _bench.Live, streams, answers, _bench.Metrics, _bench.Time, NullLogger<Holding>.Instance);
        return new(finder, holding, forwarder, _bench.Live, streams, answers, _bench.Time);
    }

    private sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => false;
    }

    // Answers at once, or not before the test's end.
    private sealed class Forwarder(TaskCompletionSource<ForwarderError>? pending) : IHttpForwarder
    {
        public ValueTask<ForwarderError> SendAsync(
            HttpContext context, string destinationPrefix, HttpMessageInvoker httpClient, ForwarderRequestConfig requestConfig, HttpTransformer transformer) =>
            pending is null ? new(ForwarderError.None) : new(pending.Task);
    }
}
