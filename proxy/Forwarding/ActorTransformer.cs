using Substrate.Proxy.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>Turns the caller's request into the actor's: the host stays, and who called is told by headers that no caller can forge.</summary>
/// <param name="byPath">The actor is named by the path, which is stripped of it.</param>
internal sealed class ActorTransformer(bool byPath) : HttpTransformer
{
    private const string For = "X-Forwarded-For";
    private const string Host = "X-Forwarded-Host";
    private const string Proto = "X-Forwarded-Proto";
    private const string Prefix = "X-Forwarded-Prefix";

    public static readonly ActorTransformer ByHost = new(byPath: false);
    public static readonly ActorTransformer ByPath = new(byPath: true);

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var path = httpContext.Request.Path.Value ?? "";
        var prefix = byPath ? ActorPath.PrefixLength(path) : 0;
        proxyRequest.RequestUri = Target.Write(httpContext, destinationPrefix, prefix);

        var headers = proxyRequest.Headers;
        Set(headers, For, httpContext.Connection.RemoteIpAddress?.ToString());
        Set(headers, Host, httpContext.Request.Host.Value);
        Set(headers, Proto, httpContext.Request.Scheme);
        Set(headers, Prefix, byPath ? path[..prefix] : null);
    }

    private static void Set(System.Net.Http.Headers.HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
