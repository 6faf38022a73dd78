using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// Writes the address of a forwarded request. What the caller sent goes on byte for byte where that is safe, since an actor may tell
/// <c>%41</c> from <c>A</c>; otherwise the path as this proxy understood it is written anew.
/// </summary>
internal static class Target
{
    private static readonly SearchValues<string> DotSegments = SearchValues.Create(["/.", "%2e"], StringComparison.OrdinalIgnoreCase);
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The address at <paramref name="destination"/> of a request, less the first <paramref name="prefix"/> characters of its path.</summary>
    public static Uri Write(HttpContext context, string destination, int prefix)
    {
        var request = context.Request;
        var path = request.Path.Value ?? "";
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (!IsPlain(raw) || !raw.AsSpan().StartsWith(path.AsSpan(0, prefix), StringComparison.Ordinal))
        {
            var rest = path[prefix..];
            return RequestUtilities.MakeDestinationAddress(destination, rest.Length == 0 ? "/" : rest, request.QueryString);
        }

        var sent = raw.AsSpan(prefix);
        var slash = sent.Length > 0 && sent[0] == '/' ? "" : "/";
        return new Uri(string.Concat(destination, slash, sent), AsIs);
    }

    // Dot segments mean one thing here and another to whom they are sent; control characters could end a line there.
    private static bool IsPlain(ReadOnlySpan<char> raw) =>
        raw.Length > 0 && raw[0] == '/' && !raw.ContainsAnyExceptInRange('!', '~') && !raw.ContainsAny(DotSegments);
}
