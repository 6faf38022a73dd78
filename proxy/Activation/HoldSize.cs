using Microsoft.AspNetCore.Http.Features;

namespace Substrate.Proxy.Activation;

/// <summary>Estimates what holding a request takes: its head, what the server buffers of its body unread, and a fixed part.</summary>
internal static class HoldSize
{
    /// <summary>A request without headers and body, with its connection, its stream and the work that waits. Measured by <c>bench proxy</c>.</summary>
    public const int Fixed = 8 * 1024;

    /// <summary>Bytes of a body that the server takes in unread: its buffers and windows are kept to this.</summary>
    public const int BodyBuffer = 256 * 1024;

    public static long Of(HttpContext context)
    {
        var request = context.Request;
        long size = Fixed + (request.Path.Value?.Length ?? 0);
        foreach (var (name, values) in request.Headers)
        {
            size += name.Length;
            foreach (var value in values)
            {
                size += value?.Length ?? 0;
            }
        }

        return context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
            ? size + Math.Min(request.ContentLength ?? BodyBuffer, BodyBuffer)
            : size;
    }
}
