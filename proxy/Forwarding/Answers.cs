using Microsoft.AspNetCore.Connections.Features;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Listening;
using Substrate.Proxy.Operation;
using Substrate.Proxy.Problems;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>Ends requests: writes the answers that are the proxy's own, and notes every end in metrics and access log.</summary>
internal sealed class Answers(LiveOptions live, ProxyMetrics metrics, AccessLog log, TimeProvider time, ILogger<Answers> logger)
{
    /// <summary>The actor has answered.</summary>
    public void Answered(HttpContext context, Route route, bool held, long start)
    {
        var status = context.Response.StatusCode;
        metrics.Answered(status, held, start);
        log.Note(context, route.Key, route.Epoch, held ? "held" : "hit", "", start);
    }

    /// <summary>A request that must not be served at all. Its connection ends: where the next request would begin is not certain.</summary>
    public Task RefuseAsync(HttpContext context, Problem problem, long start, ActorKey? actor = null) =>
        WriteAsync(context, problem, actor, Path.None, start, close: actor is null);

    public Task UnaddressedAsync(HttpContext context, AddressKind kind, long start)
    {
        var request = context.Request;
        var problem = ProblemMap.Unaddressed(kind, request.Host.Value ?? "", request.Path.Value ?? "", live.Value.SuffixesInUse[0]);
        return WriteAsync(context, problem, null, Path.None, start);
    }

    public Task NotUpAsync(HttpContext context, ActorKey key, Held held, long start)
    {
        if (!context.RequestAborted.IsCancellationRequested)
        {
            return WriteAsync(context, ProblemMap.NotUp(key, held, live.Value.HoldTimeout), key, Path.Held, start);
        }

        Left(context, key, start);
        return Task.CompletedTask;
    }

    public Task WakingAsync(HttpContext context, ActorKey key, long start)
    {
        var problem = ProblemMap.StillWaking(key);
        Note(context, problem, key, Path.Held, start);
        return WakingPage.WriteAsync(context, problem, key);
    }

    /// <summary>A request that was sent on, and whose answer did not come or broke.</summary>
    public Task FailedAsync(HttpContext context, Route route, ForwarderError error, bool held, long start)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        Log.ForwardFailed(logger, route.Key, route.Destination, error, exception?.Message ?? "");
        metrics.UpstreamFailed(error);
        var timeUp = context.Features.Get<TimeIsUp>() is not null;
        if (context.RequestAborted.IsCancellationRequested && !timeUp)
        {
            Left(context, route.Key, start);
            return Task.CompletedTask;
        }

        if (context.Response.HasStarted)
        {
            // What has begun cannot become another answer: it ends in a way that cannot be taken for its end.
            metrics.Answered(context.Response.StatusCode, held, start);
            log.Note(context, route.Key, route.Epoch, held ? "held" : "hit", error.ToString(), start);
            if (timeUp)
            {
                context.Abort();
            }

            return Task.CompletedTask;
        }

        var problem = timeUp ? ProblemMap.TooLong(route.Key)
            : exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? ProblemMap.Unreached(route.Key, exception)
            : ProblemMap.NotForwarded(route.Key, error, exception);
        return WriteAsync(context, problem, route.Key, held ? Path.Held : Path.Hit, start, close: error == ForwarderError.RequestBodyClient);
    }

    private Task WriteAsync(HttpContext context, Problem problem, ActorKey? actor, Path path, long start, bool close = false)
    {
        Note(context, problem, actor, path, start);
        return ProblemWriter.WriteAsync(context, problem, actor, close);
    }

    private void Note(HttpContext context, Problem problem, ActorKey? actor, Path path, long start)
    {
        if (path == Path.None)
        {
            metrics.Unaddressed(problem.Status);
        }
        else
        {
            metrics.Answered(problem.Status, path == Path.Held, start);
        }

        metrics.Refused(problem.Reason);
        context.Response.StatusCode = problem.Status;
        log.Note(context, actor, -1, path == Path.Held ? "held" : path == Path.Hit ? "hit" : "none", problem.Reason, start);
    }

    private void Left(HttpContext context, ActorKey key, long start)
    {
        metrics.Left();
        log.Note(context, key, -1, "left", "", start);

        // Opening streams and giving them up at once is a known attack on servers of HTTP/2.
        if (ClientConnection.Of(context).GaveUp(time))
        {
            context.Features.Get<IConnectionLifetimeFeature>()?.Abort();
        }
    }

    // Which way a request has gone.
    private enum Path
    {
        None,
        Hit,
        Held,
    }
}
