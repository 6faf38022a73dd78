using System.ComponentModel.DataAnnotations;

namespace Substrate.Proxy;

/// <summary>Section <c>Proxy</c>: the request path.</summary>
internal sealed class ProxyOptions
{
    public const string Section = "Proxy";

    /// <summary>Where callers are served, <c>http://HOST:PORT</c>; several are separated by <c>;</c>. Default <c>http://127.0.0.1:8000</c>.</summary>
    [Required]
    public string Listen { get; set; } = "http://127.0.0.1:8000";

    /// <summary>Where <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c> are served; empty for nowhere. Default <c>http://127.0.0.1:8001</c>.</summary>
    public string OpsListen { get; set; } = "http://127.0.0.1:8001";

    /// <summary>Domains below which <c>ACTOR.ATESPACE.SUFFIX</c> names an actor. None given means <c>actors.localhost</c>.</summary>
    public string[] Suffixes { get; set; } = [];

    /// <summary>Longest time that a request is held while its actor comes up. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan HoldTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Requests held at once for one actor. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int HeldPerActor { get; set; } = 1_000;

    /// <summary>Requests held at once in total. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int HeldTotal { get; set; } = 10_000;

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

    /// <summary>The suffixes that hold: those given, or the one that stands for none.</summary>
    public IReadOnlyList<string> SuffixesInUse => Suffixes.Length == 0 ? ["actors.localhost"] : Suffixes;
}
