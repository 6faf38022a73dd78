using Prometheus;
using Substrate.State.Activation;

namespace Substrate.Proxy;

/// <summary>All that the proxy counts. No label names an actor: their number has no bound.</summary>
internal sealed class ProxyMetrics
{
    private static readonly string[] Codes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    // 0.1 ms to about 60 s.
    private static readonly double[] Buckets =
        [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .075, .1, .15, .25, .5, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter.Child[] _hit;
    private readonly Counter.Child[] _held;
    private readonly Counter.Child _left;
    private readonly Histogram _activations;

    public ProxyMetrics(IMetricFactory metrics)
    {
        var requests = metrics.CreateCounter(
            "substrate_proxy_requests_total",
            "Requests by class of status code, or left when the caller went away first, and by route: hit, held for an activation, or none.",
            ["code", "route"]);
        _hit = [.. Codes.Select(code => requests.WithLabels(code, "hit"))];
        _held = [.. Codes.Select(code => requests.WithLabels(code, "held"))];
        None = [.. Codes.Select(code => requests.WithLabels(code, "none"))];
        _left = requests.WithLabels("left", "any");
        _activations = metrics.CreateHistogram(
            "substrate_proxy_activation_seconds",
            "Time to bring an actor up, as its requests waited (total) and by phase on the node.",
            ["outcome", "phase"],
            new HistogramConfiguration { Buckets = Buckets });
        Held = metrics.CreateGauge("substrate_proxy_held_requests", "Requests that wait for their actor now.");
        Routes = metrics.CreateGauge("substrate_proxy_routes", "Actors with a route now.");
        var retries = metrics.CreateCounter(
            "substrate_proxy_retries_total",
            "Requests sent again, by why that is safe: unsent (no connection was made) or safe (a bodiless safe method without an answer).",
            ["why"]);
        (RetriedUnsent, RetriedSafe) = (retries.WithLabels("unsent"), retries.WithLabels("safe"));
    }

    public Gauge Held { get; }

    public Gauge Routes { get; }

    public Counter.Child RetriedUnsent { get; }

    public Counter.Child RetriedSafe { get; }

    private Counter.Child[] None { get; }

    /// <summary>Counts an answered request.</summary>
    /// <param name="status">The status that was sent.</param>
    /// <param name="held">True when it was held; false when its route was there.</param>
    public void Answered(int status, bool held) => (held ? _held : _hit)[Class(status)].Inc();

    /// <summary>Counts a request that named no actor.</summary>
    public void Unaddressed(int status) => None[Class(status)].Inc();

    /// <summary>Counts a request whose caller went away before it was answered.</summary>
    public void Left() => _left.Inc();

    public void Activated(ActivationResult result, TimeSpan total)
    {
        var outcome = result.Outcome.ToString();
        _activations.WithLabels(outcome, "total").Observe(total.TotalSeconds);
        if (result.Timings is { } timings && timings != default)
        {
            _activations.WithLabels(outcome, "queue").Observe(timings.Queue.TotalSeconds);
            _activations.WithLabels(outcome, "fetch").Observe(timings.Fetch.TotalSeconds);
            _activations.WithLabels(outcome, "restore").Observe(timings.Restore.TotalSeconds);
            _activations.WithLabels(outcome, "ready").Observe(timings.Ready.TotalSeconds);
            _activations.WithLabels(outcome, "publish").Observe(timings.Publish.TotalSeconds);
        }
    }

    private static int Class(int status) => Math.Clamp(status / 100, 1, Codes.Length) - 1;
}
