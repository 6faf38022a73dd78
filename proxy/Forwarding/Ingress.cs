using Substrate.Proxy.Configuration;
using Substrate.Proxy.Framing;
using Substrate.Proxy.Routes;
using Substrate.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// The path of every request. A request whose actor has a route is forwarded here, with no more of our own than the one state machine that
/// any handler needs; all others go on to <see cref="Holding"/>.
/// </summary>
internal sealed class Ingress(Finder finder, Holding holding, IHttpForwarder forwarder, LiveOptions live, Streams streams, Answers answers, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        var start = time.GetTimestamp();

        // 1. Would every reader understand the request alike?
        var most = live.Value.MaxRequestBody;
        if (RequestFraming.Violation(context, most == 0 ? null : most) is { } violation)
        {
            return answers.RefuseAsync(context, violation, start);
        }

        // 2. Which actor, and is there a route to it?
        var found = finder.Find(context.Request);
        if (found.Route is not { } route || found.Port != 0 || route.Upstream.RequestLimit != Timeout.InfiniteTimeSpan)
        {
            return holding.ServeAsync(context, found, start);
        }

        // 3. Forward. The place on the route is kept until the answer has ended, however long it streams.
        streams.Prepare(context);
        return ForwardAsync(context, route, found.Kind, start);
    }

    private async Task ForwardAsync(HttpContext context, Route route, AddressKind kind, long start)
    {
        ForwarderError error;
        try
        {
            var upstream = route.Upstream;
            error = await forwarder.SendAsync(
                context, route.Destination, upstream.Connections, upstream.Config, kind == AddressKind.Path ? upstream.ByPath : upstream.ByHost);
        }
        finally
        {
            route.Leave();
        }

        // 4. Failed: once more where that is safe, by another look at where the actor is.
        if (error == ForwarderError.None)
        {
            answers.Answered(context, route, held: false, start);
        }
        else
        {
            await holding.RepeatAsync(context, new(kind, route.Key, 0, null, null), route, error, start);
        }
    }
}
