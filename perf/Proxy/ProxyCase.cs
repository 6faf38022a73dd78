namespace Substrate.Perf.Proxy;

/// <summary>One load: protocol, connections, size of the answers.</summary>
/// <param name="Http2">HTTP/2 with prior knowledge, one stream at a time on each connection; otherwise HTTP/1.1.</param>
/// <param name="Connections">Connections, each of which always has a request under way.</param>
/// <param name="Large">Answers of 64 KiB; otherwise of 60 bytes.</param>
internal sealed record ProxyCase(bool Http2, int Connections, bool Large)
{
    public const int SmallBytes = 60;
    public const int LargeBytes = 64 * 1024;

    /// <summary>All of them, the one that matters most first.</summary>
    public static readonly IReadOnlyList<ProxyCase> All =
    [
        .. from large in new[] { false, true } from http2 in new[] { false, true } from connections in new[] { 32, 256 } select new ProxyCase(http2, connections, large),
    ];

    /// <summary>Name in rows, for instance <c>h1-32-small</c>.</summary>
    public string Name => FormattableString.Invariant($"{(Http2 ? "h2" : "h1")}-{Connections}-{(Large ? "64k" : "small")}");

    public string Path => Large ? "/large" : "/small";
}
