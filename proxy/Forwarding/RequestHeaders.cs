using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// Copies a caller's headers: not those of the connection (RFC 9110, 7.6.1), nor those by which this proxy tells an actor who it is and
/// who calls, in any spelling that a server could take for them.
/// </summary>
internal static class RequestHeaders
{
    public const string For = "X-Forwarded-For";
    public const string Host = "X-Forwarded-Host";
    public const string Proto = "X-Forwarded-Proto";
    public const string Prefix = "X-Forwarded-Prefix";
    public const string Forwarded = "Forwarded";

    /// <summary>What the proxy's own headers begin with: <c>Substrate-Actor</c>, <c>Substrate-Atespace</c>, <c>Substrate-Epoch</c>, <c>Substrate-To</c>.</summary>
    public const string Own = "Substrate-";

    /// <summary>Headers of the content in a request that has none.</summary>
    public static readonly HttpRequestOptionsKey<List<KeyValuePair<string, string>>> OfNoContent = new("Substrate.OfNoContent");

    private static readonly FrozenSet<string> Withheld = new[]
    {
        HeaderNames.Connection, HeaderNames.KeepAlive, HeaderNames.ProxyConnection, HeaderNames.ProxyAuthenticate, HeaderNames.ProxyAuthorization,
        HeaderNames.TE, HeaderNames.Trailer, HeaderNames.TransferEncoding, HeaderNames.Upgrade, "HTTP2-Settings", "ALPN",
        For, Host, Proto, Prefix, Forwarded, "X-Forwarded-Port", "X-Forwarded-Server", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "X-Real-IP",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // What a Connection header may not take away: without them the message would mean something else.
    private static readonly FrozenSet<string> Essential = new[]
    {
        HeaderNames.Host, HeaderNames.ContentLength, HeaderNames.ContentType, HeaderNames.Authorization, HeaderNames.Cookie, HeaderNames.CacheControl,
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static void Copy(HttpRequest from, HttpRequestMessage to)
    {
        var named = Nominated(from.Headers.Connection);
        foreach (var (name, values) in from.Headers)
        {
            if (!IsWithheld(name) && (named is null || !named.Contains(name) || Essential.Contains(name)))
            {
                Add(to, name, values);
            }
        }

        // RFC 9113, 8.2.2: the one thing TE may say in HTTP/2. Servers of gRPC insist on it.
        if (from.Headers.TE.Count > 0 && !from.Protocol.StartsWith("HTTP/1", StringComparison.Ordinal) && from.Headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
        {
            to.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        }
    }

    /// <summary>True for a header that is not passed on. Servers that make variables of headers do not tell <c>_</c> from <c>-</c>.</summary>
    public static bool IsWithheld(string name)
    {
        if (name.Contains('_', StringComparison.Ordinal))
        {
            name = name.Replace('_', '-');
        }

        return name.StartsWith(Own, StringComparison.OrdinalIgnoreCase) || Withheld.Contains(name) || name.StartsWith(':');
    }

    // Names that the Connection header ends here; null in the usual case of none.
    private static HashSet<string>? Nominated(StringValues connection)
    {
        if (connection.Count == 0 || (connection.Count == 1 && IsPlain(connection[0])))
        {
            return null;
        }

        return connection.SelectMany(static v => (v ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static bool IsPlain(string? value) =>
        "keep-alive".Equals(value, StringComparison.OrdinalIgnoreCase)
        || "close".Equals(value, StringComparison.OrdinalIgnoreCase)
        || "upgrade".Equals(value, StringComparison.OrdinalIgnoreCase);

    private static void Add(HttpRequestMessage to, string name, StringValues values)
    {
        if (values.Count == 1)
        {
            var value = values[0] ?? "";
            if (!to.Headers.TryAddWithoutValidation(name, value))
            {
                AddToContent(to, name, value);
            }
        }
        else if (name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase))
        {
            // HTTP/2 may split cookies; HTTP/1.1 has one line of them (RFC 9113, 8.2.3).
            to.Headers.TryAddWithoutValidation(name, string.Join("; ", values.ToArray()));
        }
        else if (!to.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            AddToContent(to, name, values.ToString());
        }
    }

    // Headers of the content, which a request may have without one: they are left to who makes it up an empty content.
    private static void AddToContent(HttpRequestMessage to, string name, string value)
    {
        if (to.Content is { } content)
        {
            content.Headers.TryAddWithoutValidation(name, value);
        }
        else if (!name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase))
        {
            if (!to.Options.TryGetValue(OfNoContent, out var headers))
            {
                to.Options.Set(OfNoContent, headers = []);
            }

            headers.Add(KeyValuePair.Create(name, value));
        }
    }
}
