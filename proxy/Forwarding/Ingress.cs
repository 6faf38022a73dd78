using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Problems;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>The path of every request: name, route or hold, forward, and at most one safe repetition.</summary>
internal sealed class Ingress(
    RouteTable routes,
    Flights flights,
    IHttpForwarder forwarder,
    IOptions<ProxyOptions> options,
    ProxyMetrics metrics,
    TimeProvider time,
    ILogger<Ingress> logger)
{
    // An agent may think for an hour: no time without activity ends a request.
    private static readonly ForwarderRequestConfig Forward = new()
    {
        ActivityTimeout = Timeout.InfiniteTimeSpan,
        Version = System.Net.HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private readonly AddressSpace _addresses = new(options.Value.SuffixesInUse);

    public async Task InvokeAsync(HttpContext context)
    {
        // 1. Which actor, and is there a route to it?
        var kind = Find(context, out var route, out var key);
        if (kind is not (AddressKind.Host or AddressKind.Path))
        {
            await AnswerUnaddressedAsync(context, kind);
            return;
        }

        var plain = kind == AddressKind.Host ? ActorTransformer.ByHost : ActorTransformer.ByPath;
        HttpTransformer transformer = plain;
        var held = false;
        var deadEpoch = -1L;
        var before = Repeat.Never;
        while (true)
        {
            // 2. None: hold the request, and nothing of its body is read, until the actor is up.
            if (route is null)
            {
                held = true;
                var start = time.GetTimestamp();
                var hold = await HoldAsync(key, deadEpoch, context);
                if (hold.Route is null)
                {
                    await AnswerNotUpAsync(context, key, hold);
                    return;
                }

                route = hold.Route;
                transformer = options.Value.ServerTiming
                    ? new ColdTransformer(plain, time.GetElapsedTime(start), hold.Result!.Timings)
                    : plain;
            }

            // 3. Forward. The place on the route is kept until the answer has ended, however long it streams.
            ForwarderError error;
            try
            {
                error = await forwarder.SendAsync(context, route.Destination, route.Connections, Forward, transformer);
            }
            finally
            {
                route.Leave();
            }

            if (error == ForwarderError.None)
            {
                metrics.Answered(context.Response.StatusCode, held);
                return;
            }

            // 4. Failed: once more where that is safe, by another look at where the actor is.
            var again = Judge(context, route, error, before);
            if (again == Repeat.Never)
            {
                await AnswerFailedAsync(context, route, error, held);
                return;
            }

            routes.Drop(route);
            (deadEpoch, before) = (again == Repeat.Unsent ? route.Epoch : deadEpoch, again);
            (key, route) = (route.Key, null);
        }
    }

    // Synchronous, so that the parts of the host or path need not outlive it. The key is made only for a request that has no route.
    private AddressKind Find(HttpContext context, out Route? route, out ActorKey key)
    {
        (route, key) = (null, default);
        Span<char> scratch = stackalloc char[AddressSpace.Scratch];
        var request = context.Request;
        var kind = _addresses.Parse(request.Host.Value, request.Path.Value, scratch, out var address);
        if (kind is (AddressKind.Host or AddressKind.Path) && !routes.TryEnter(address, out route))
        {
            (route, key) = (null, address.ToKey());
        }

        return kind;
    }

    private async Task<Held> HoldAsync(ActorKey key, long deadEpoch, HttpContext context)
    {
        try
        {
            return await flights.HoldAsync(key, deadEpoch, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return default;
        }
    }

    private Repeat Judge(HttpContext context, Route route, ForwarderError error, Repeat before)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested)
        {
            return Repeat.Never;
        }

        var bodiless = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
        var again = RepeatRule.Decide(error, exception, bodiless, context.Request.Method, before);
        if (again == Repeat.Never)
        {
            return again;
        }

        Log.Unreached(logger, route.Key, route.Destination, route.Epoch, exception!.Message);
        (again == Repeat.Unsent ? metrics.RetriedUnsent : metrics.RetriedSafe).Inc();
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.Headers.Clear();
        return again;
    }

    private async Task AnswerUnaddressedAsync(HttpContext context, AddressKind kind)
    {
        var request = context.Request;
        var problem = ProblemMap.Unaddressed(kind, request.Host.Value ?? "", request.Path.Value ?? "", options.Value.SuffixesInUse[0]);
        metrics.Unaddressed(problem.Status);
        await ProblemWriter.WriteAsync(context, problem, null);
    }

    private async Task AnswerNotUpAsync(HttpContext context, ActorKey key, Held hold)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Left();
            return;
        }

        var problem = ProblemMap.NotUp(key, hold, options.Value.HoldTimeout);
        metrics.Answered(problem.Status, held: true);
        await ProblemWriter.WriteAsync(context, problem, key);
    }

    private async Task AnswerFailedAsync(HttpContext context, Route route, ForwarderError error, bool held)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        Log.ForwardFailed(logger, route.Key, route.Destination, error, exception?.Message ?? "");
        if (context.RequestAborted.IsCancellationRequested)
        {
            metrics.Left();
            return;
        }

        if (context.Response.HasStarted)
        {
            metrics.Answered(context.Response.StatusCode, held);
            return;
        }

        var problem = exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
            ? ProblemMap.Unreached(route.Key, exception)
            : ProblemMap.NotForwarded(route.Key, error, exception);
        metrics.Answered(problem.Status, held);
        await ProblemWriter.WriteAsync(context, problem, route.Key);
    }
}
