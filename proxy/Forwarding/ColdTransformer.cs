using System.Globalization;
using Microsoft.Extensions.Primitives;
using Substrate.State.Activation;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>Adds the phases of a held request to its answer, as <c>Server-Timing</c>.</summary>
/// <param name="inner">What the transformer does besides.</param>
/// <param name="held">How long the request was held.</param>
/// <param name="node">Phases on the node; all zero when another process drove the activation.</param>
internal sealed class ColdTransformer(HttpTransformer inner, TimeSpan held, ActivationTimings node) : HttpTransformer
{
    private const string Header = "Server-Timing";

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken) =>
        inner.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var goesOn = await inner.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is not null)
        {
            var headers = httpContext.Response.Headers;
            headers[Header] = StringValues.Concat(headers[Header], Write(held, node));
        }

        return goesOn;
    }

    /// <summary>The header's value; durations are milliseconds.</summary>
    public static string Write(TimeSpan held, ActivationTimings node) => node == default
        ? string.Create(CultureInfo.InvariantCulture, $"hold;dur={held.TotalMilliseconds:0.0}")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"hold;dur={held.TotalMilliseconds:0.0}, queue;dur={node.Queue.TotalMilliseconds:0.0}, fetch;dur={node.Fetch.TotalMilliseconds:0.0}, restore;dur={node.Restore.TotalMilliseconds:0.0}, ready;dur={node.Ready.TotalMilliseconds:0.0}, publish;dur={node.Publish.TotalMilliseconds:0.0}, {(node.Warm ? "warm" : "cold")}");
}
