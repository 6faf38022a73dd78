using Microsoft.AspNetCore.Http.Features;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Problems;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;
using Substrate.State.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// The path of a request that does not go straight on: its actor is to be brought up first, or its answer has a limit in time, or
/// forwarding it failed.
/// </summary>
internal sealed class Holding(
    Finder finder,
    Flights flights,
    RouteTable routes,
    IHttpForwarder forwarder,
    LiveOptions live,
    Streams streams,
    Answers answers,
    ProxyMetrics metrics,
    TimeProvider time,
    ILogger<Holding> logger)
{
    /// <summary>Serves a request from the beginning.</summary>
    public async Task ServeAsync(HttpContext context, Found found, long start)
    {
        if (found.Ask is { } domain)
        {
            found = await finder.AskAsync(context.Request, domain);
        }

        if (!found.NamesAnActor)
        {
            await answers.UnaddressedAsync(context, found.Kind, start);
            return;
        }

        streams.Prepare(context);
        await ServeAsync(context, found, new Attempts(), start);
    }

    /// <summary>Goes on with a request whose first forwarding, over a route that was there, has failed.</summary>
    public Task RepeatAsync(HttpContext context, Found found, Route route, ForwarderError error, long start)
    {
        var attempts = new Attempts();
        return Again(context, route, error, attempts) ? ServeAsync(context, found, attempts, start) : answers.FailedAsync(context, route, error, held: false, start);
    }

    private async Task ServeAsync(HttpContext context, Found found, Attempts attempts, long start)
    {
        var (key, route) = (found.Key, found.Route);
        while (true)
        {
            // 1. No route: hold the request, and nothing of its body is read, until the actor is up.
            var held = default(Held);
            if (route is null)
            {
                held = await HoldAsync(context, found, attempts, start);
                if (held.Route is null)
                {
                    return;
                }

                route = held.Route;
            }

            // 2. Forward it.
            var (error, noPort) = await ForwardAsync(context, found, route, attempts, held);
            if (noPort)
            {
                await answers.RefuseAsync(context, ProblemMap.NoSuchPort(key, found.Port), start, key);
                return;
            }

            if (error == ForwarderError.None)
            {
                answers.Answered(context, route, attempts.Held, start);
                return;
            }

            // 3. Failed: once more where that is safe.
            if (!Again(context, route, error, attempts))
            {
                await answers.FailedAsync(context, route, error, attempts.Held, start);
                return;
            }

            route = null;
        }
    }

    // Answers the request itself when the actor does not come up; then there is no route.
    private async Task<Held> HoldAsync(HttpContext context, Found found, Attempts attempts, long start)
    {
        using var span = Tracing.Proxy.StartActivity("hold");
        span?.SetTag(Tracing.ActorTag, found.Key.ToString());
        var began = time.GetTimestamp();
        attempts.Held = true;
        var options = live.Value;
        var browser = options.BrowserPatience > TimeSpan.Zero && options.BrowserPatience < options.HoldTimeout && WakingPage.Fits(context.Request);
        var limit = browser ? options.BrowserPatience : options.HoldTimeout;
        Held held;
        try
        {
            held = await flights.HoldAsync(found.Key, attempts.DeadEpoch, HoldSize.Of(context), limit, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            held = default;
        }

        attempts.HeldFor = time.GetElapsedTime(began);
        metrics.HeldFor(held.Outcome, attempts.HeldFor);
        span?.SetTag(Tracing.OutcomeTag, held.Outcome.ToString());
        if (held.Route is null)
        {
            await (browser && held.Outcome == HoldOutcome.TimeUp
                ? answers.WakingAsync(context, found.Key, start)
                : answers.NotUpAsync(context, found.Key, held, start));
        }

        return held;
    }

    // Leaves the route, which was entered.
    private async Task<(ForwarderError Error, bool NoPort)> ForwardAsync(HttpContext context, Found found, Route route, Attempts attempts, Held held)
    {
        try
        {
            var upstream = route.Upstream;
            if (route.At(found.Port) is not { } destination)
            {
                return (default, true);
            }

            var transformer = found.Kind == AddressKind.Path ? upstream.ByPath : upstream.ByHost;
            if (live.Value.ServerTiming && held.Result is { } result)
            {
                transformer = new ColdTransformer(transformer, attempts.HeldFor, result.Timings);
            }

            using var limit = upstream.RequestLimit == Timeout.InfiniteTimeSpan ? null : new CancellationTokenSource(upstream.RequestLimit, time);
            var error = await forwarder.SendAsync(context, destination, upstream.Connections, upstream.Config, transformer, limit?.Token ?? default);
            attempts.TimeUp = limit is { IsCancellationRequested: true } && error != ForwarderError.None;
            if (attempts.TimeUp)
            {
                context.Features.Set(new TimeIsUp());
            }

            return (error, false);
        }
        finally
        {
            route.Leave();
        }
    }

    // True when the request is to be sent again; then everything of the failure is undone.
    private bool Again(HttpContext context, Route route, ForwarderError error, Attempts attempts)
    {
        var exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || attempts.TimeUp)
        {
            return false;
        }

        var bodiless = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true;
        var again = RepeatRule.Decide(error, exception, bodiless, context.Request.Method, attempts.Before);
        if (again == Repeat.Never)
        {
            return false;
        }

        Log.Unreached(logger, route.Key, route.Destination, route.Epoch, exception!.Message);
        (again == Repeat.Unsent ? metrics.RetriedUnsent : metrics.RetriedSafe).Inc();
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.Headers.Clear();
        routes.Drop(route);
        attempts.DeadEpoch = again == Repeat.Unsent ? route.Epoch : attempts.DeadEpoch;
        attempts.Before = attempts.Before.Plus(again);
        return true;
    }

    // What one request remembers between its attempts.
    private sealed class Attempts
    {
        public bool Held { get; set; }

        public TimeSpan HeldFor { get; set; }

        public long DeadEpoch { get; set; } = -1;

        public Repeats Before { get; set; }

        public bool TimeUp { get; set; }
    }
}

/// <summary>Marks a request that was ended because the time its template allows was up.</summary>
internal sealed class TimeIsUp;
