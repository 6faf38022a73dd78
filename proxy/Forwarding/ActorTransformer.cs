using System.Globalization;
using System.Net.Http.Headers;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Listening;
using Substrate.Proxy.Problems;
using Substrate.Proxy.Routing;
using Substrate.State.Actors;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// Turns a caller's request into one of a certain activation: the host stays; who is asked, and who asks, is told by headers that no
/// caller can forge.
/// </summary>
/// <param name="actor">The actor.</param>
/// <param name="epoch">Its activation.</param>
/// <param name="byPath">The actor is named by the path, which is stripped of it.</param>
/// <param name="live">Says whose word about earlier callers is trusted.</param>
internal sealed class ActorTransformer(ActorKey actor, long epoch, bool byPath, LiveOptions live) : HttpTransformer
{
    private const string Actor = RequestHeaders.Own + "Actor";
    private const string Atespace = RequestHeaders.Own + "Atespace";
    private const string Epoch = RequestHeaders.Own + "Epoch";

    private readonly string _epoch = epoch.ToString(CultureInfo.InvariantCulture);

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var request = httpContext.Request;
        RequestHeaders.Copy(request, proxyRequest);
        var path = request.Path.Value ?? "";
        var prefix = byPath ? ActorPath.PrefixLength(path) : 0;
        proxyRequest.RequestUri = Target.Write(httpContext, destinationPrefix, prefix);

        var headers = proxyRequest.Headers;
        headers.TryAddWithoutValidation(Actor, actor.Name);
        headers.TryAddWithoutValidation(Atespace, actor.Atespace);
        headers.TryAddWithoutValidation(Epoch, _epoch);
        TellCaller(httpContext, headers, byPath ? path[..prefix] : "");
        return ValueTask.CompletedTask;
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);

        // By this header a caller knows an answer of the proxy's own.
        httpContext.Response.Headers.Remove(ProblemWriter.ReasonHeader);
        return goesOn;
    }

    private void TellCaller(HttpContext context, HttpRequestHeaders headers, string prefix)
    {
        var request = context.Request;
        var connection = ClientConnection.Of(context);
        var host = request.Host.Value ?? "";
        var earlier = live.Rules.Trusts(connection.Address) ? request.Headers : null;
        Tell(headers, RequestHeaders.For, Joined(earlier?[RequestHeaders.For].ToString(), connection.AddressText));
        Tell(headers, RequestHeaders.Host, Given(earlier?[RequestHeaders.Host].ToString(), host));
        Tell(headers, RequestHeaders.Proto, Given(earlier?[RequestHeaders.Proto].ToString(), request.Scheme));
        Tell(headers, RequestHeaders.Prefix, (earlier?[RequestHeaders.Prefix].ToString() ?? "") + prefix);
        if (live.Value.Forwarded)
        {
            Tell(headers, RequestHeaders.Forwarded, Joined(earlier?[RequestHeaders.Forwarded].ToString(), connection.Forwarded(host, request.Scheme)));
        }
    }

    private static string Joined(string? earlier, string own) => string.IsNullOrEmpty(earlier) ? own : own.Length == 0 ? earlier : $"{earlier}, {own}";

    private static string Given(string? earlier, string own) => string.IsNullOrEmpty(earlier) ? own : earlier;

    private static void Tell(HttpRequestHeaders headers, string name, string value)
    {
        if (value.Length > 0)
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
