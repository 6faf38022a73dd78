using Substrate.Proxy.Forwarding;

namespace Substrate.Proxy.Routes;

/// <summary>
/// Settles how content is sent. The handler below sends a request without content once more when a kept connection ends without an
/// answer; for methods that may change something that is not safe, and empty content keeps it from doing so. Content of unknown
/// length is sent as it comes.
/// </summary>
internal sealed class ContentHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            if (content.Headers.ContentLength is null)
            {
                request.Content = new FlushingContent(content);
            }
        }
        else
        {
            var headers = request.Options.TryGetValue(RequestHeaders.OfNoContent, out var named) ? named : null;
            if (headers is not null || !IsSafe(request.Method))
            {
                request.Content = new ByteArrayContent([]);
                headers?.ForEach(header => request.Content.Headers.TryAddWithoutValidation(header.Key, header.Value));
            }
        }

        return base.SendAsync(request, cancellationToken);
    }

    // RFC 9110, 9.2.1. CONNECT carries no content at all.
    private static bool IsSafe(HttpMethod method) =>
        method == HttpMethod.Get
        || method == HttpMethod.Head
        || method == HttpMethod.Options
        || method == HttpMethod.Trace
        || method == HttpMethod.Connect;
}
