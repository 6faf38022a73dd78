using System.ComponentModel.DataAnnotations;

namespace Substrate.Proxy;

/// <summary>Section <c>Proxy</c>: the request path.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>
    /// Where callers are served, <c>http://HOST:PORT</c> or, with a certificate, <c>https://HOST:PORT</c>; several are separated by <c>;</c>.
    /// Default <c>http://127.0.0.1:8000</c>.
    /// </summary>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8000";

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; empty for nowhere. Default <c>http://127.0.0.1:8001</c>.</summary>
    public string OpsListen { get; set; } = "http://127.0.0.1:8001";

    /// <summary>
    /// Domains below which <c>ACTOR.ATESPACE.SUFFIX</c> names an actor. None given means <c>actors.localhost</c> and
    /// <c>actors.resources.substrate.ate.dev</c>.
    /// </summary>
    public string[] Suffixes { get; set; } = [];

    /// <summary>
    /// Networks, as <c>10.0.0.0/8</c>, whose proxies are believed about earlier callers: what their <c>X-Forwarded-*</c> and <c>Forwarded</c>
    /// say is kept or continued. What others send of these is dropped. Default none.
    /// </summary>
    public string[] TrustedNetworks { get; set; } = [];

    /// <summary>Tell actors about callers by <c>Forwarded</c> (RFC 7239) too, beside <c>X-Forwarded-*</c>. Default on.</summary>
    public bool Forwarded { get; set; } = true;

    /// <summary>Longest body of a request, in bytes; 0 for any. Default 0: what a body may be is the actor's business.</summary>
    [Range(0, long.MaxValue)]
    public long MaxRequestBody { get; set; }

    /// <summary>Headers of one request at most. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxHeaders { get; set; } = 100;

    /// <summary>Bytes of one request's headers at most, 4 KiB to 1 MiB. Default 32 KiB.</summary>
    [Range(4_096, 1_048_576)]
    public int MaxHeaderBytes { get; set; } = 32_768;

    /// <summary>Time a client has to send the head of a request. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan HeadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time a client's connection is kept without a request on it. Default 130 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "24:00:00")]
    public TimeSpan ClientIdle { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>
    /// Slowest rate, in bytes a second, at which a client may send a body of known length while the actor reads, or take an answer that is
    /// there; 0 for none. A stream that pauses because nobody has anything to say is not slow. Default 100.
    /// </summary>
    [Range(0, 1_000_000)]
    public int ClientRate { get; set; } = 100;

    /// <summary>Time that a client may be slower than <see cref="ClientRate"/>, over 1 s. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01.1", "01:00:00")]
    public TimeSpan ClientPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections of clients at once; 0 for as many as the system allows. Default 0.</summary>
    [Range(0, 10_000_000)]
    public int MaxConnections { get; set; }

    /// <summary>Longest time that a request is held while its actor comes up. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan HoldTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests held at once for one actor. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int HeldPerActor { get; set; } = 1_000;

    /// <summary>Requests held at once for the actors of one atespace. Default 5,000.</summary>
    [Range(1, 10_000_000)]
    public int HeldPerAtespace { get; set; } = 5_000;

    /// <summary>Requests held at once in total. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int HeldTotal { get; set; } = 10_000;

    /// <summary>Bytes that the requests held for one actor may take: their heads, and what of their bodies is buffered. Default 64 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long HeldBytesPerActor { get; set; } = 64L << 20;

    /// <summary>The same for one atespace. Default 256 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long HeldBytesPerAtespace { get; set; } = 256L << 20;

    /// <summary>The same in total. Default 512 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long HeldBytesTotal { get; set; } = 512L << 20;

    /// <summary>
    /// Time after which a browser that opens a page of a waking actor gets a page that loads itself again; 0 for never. Default 4 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan BrowserPatience { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Age after which a route in use is compared with its record, while traffic goes on. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan RouteCheckAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Age after which a route that could not be compared with its record is not used any more. Must be shorter than the time for
    /// which nodes keep the port of a closed activation unused. Default 5 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan RouteMaxAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Time without a request after which a route is forgotten. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan RouteIdle { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for a connection to an actor that runs. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a connection to an actor is kept without a request on it. Must be shorter than every idle time of templates, so that
    /// a node may take an established connection for a request in flight. Default 2 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectionIdle { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Show the phases of a held request in the answer's <c>Server-Timing</c>. Default off.</summary>
    public bool ServerTiming { get; set; }

    /// <summary>Time after a stop was asked for in which requests are still taken, while readiness says no. Default 0.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan DrainDelay { get; set; }

    /// <summary>Time that requests and streams then have to end by themselves. Default 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "24:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Where each request is noted as a line of JSON: a file, or <c>-</c> for standard output; empty for nowhere. Default empty.</summary>
    public string AccessLog { get; set; } = "";

    /// <summary>Part of the requests that is noted, 0 to 1. Those answered with 5xx always are. Default 1.</summary>
    [Range(0.0, 1.0)]
    public double AccessLogSample { get; set; } = 1;

    /// <summary>Certificates for <c>https</c> addresses, as PEM; the first also serves clients that name no host or an unknown one.</summary>
    public ProxyCertificate[] Certificates { get; set; } = [];

    /// <summary>The suffixes that hold: those given, or the ones that stand for none.</summary>
    public IReadOnlyList<string> SuffixesInUse => Suffixes.Length == 0 ? ["actors.localhost", "actors.resources.substrate.ate.dev"] : Suffixes;
}

/// <summary>One certificate of the ingress. Both files are read again when they change.</summary>
internal sealed class ProxyCertificate
{
    /// <summary>PEM file with the certificate, its chain behind it.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with its key; empty when the certificate's file has it.</summary>
    public string Key { get; set; } = "";
}
