using Microsoft.AspNetCore.Http.Features;
using Substrate.Proxy.Problems;

namespace Substrate.Proxy.Framing;

/// <summary>
/// A strict gate behind Kestrel's parser. Kestrel refuses most of what two readers could understand differently; what it lets pass and
/// this refuses: a length beside chunked coding (of which Kestrel keeps the coding and moves the length to <c>X-Content-Length</c>),
/// codings other than chunked alone, chunked coding in HTTP/1.0, a body before another protocol, and tunnels. Line ends without a carriage return are refused by
/// <see cref="StrictLines"/>, lengths with a sign by <see cref="DigitsOnly"/>.
/// </summary>
internal static class RequestFraming
{
    private const string MovedLength = "X-Content-Length";

    // Read by Kestrel when a server is made.
    private const string LineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Makes Kestrel's parser insist on CR LF. For the whole process; to be called before a server is made.</summary>
    public static void StrictLines() => AppContext.SetSwitch(LineFeeds, true);

    /// <summary>Says why a request must not be served; null when it may.</summary>
    /// <param name="context">The request.</param>
    /// <param name="maxBody">Longest body, in bytes; null for any.</param>
    public static Problem? Violation(HttpContext context, long? maxBody)
    {
        var request = context.Request;
        var coding = request.Headers.TransferEncoding;
        if (coding.Count > 0 && Coding(request, coding.Count == 1 ? coding[0] ?? "" : coding.ToString()) is { } ambiguous)
        {
            return new(400, "ambiguous-framing", "Where the request ends is not certain.", ambiguous);
        }

        if (request.Headers.Upgrade.Count > 0 && (coding.Count > 0 || request.ContentLength > 0))
        {
            return new(400, "ambiguous-framing", "Where the request ends is not certain.", "A request to change the protocol (Upgrade) must have no body.");
        }

        if (maxBody is { } most && request.ContentLength > most)
        {
            return TooLarge(most);
        }

        return HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true }
            ? new(501, "no-tunnels", "CONNECT is not served.", "Method CONNECT opens a tunnel; actors are reached by requests and WebSockets.")
            : null;
    }

    /// <summary>A body that is longer than allowed.</summary>
    public static Problem TooLarge(long most) =>
        new(413, "body-too-large", "The request's body is too large.", $"The body is longer than the {most} bytes that Proxy:MaxRequestBody allows.");

    private static string? Coding(HttpRequest request, string coding) =>
        !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase) ? $"Transfer-Encoding is '{Shown(coding)}': it must be chunked, and nothing else."
        : request.Protocol == "HTTP/1.0" ? "Transfer-Encoding stands in a request of HTTP/1.0, which has none."
        : request.Headers.ContainsKey(MovedLength) ? "Content-Length and Transfer-Encoding exclude each other."
        : null;

    private static string Shown(string value) => value.Length <= 64 ? value : value[..64] + "…";
}
