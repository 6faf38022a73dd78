using Prometheus;
using Substrate.Proxy.Activation;
using Substrate.State.Activation;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy;

/// <summary>All that the proxy counts. No label names an actor: their number has no bound.</summary>
internal sealed class ProxyMetrics
{
    private static readonly string[] Codes = ["1xx", "2xx", "3xx", "4xx", "5xx"];

    // 0.1 ms to 60 s.
    private static readonly double[] Buckets =
        [.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .075, .1, .15, .25, .5, 1, 2.5, 5, 10, 30, 60];

    private readonly Counter.Child[] _hit;
    private readonly Counter.Child[] _held;
    private readonly Counter.Child[] _none;
    private readonly Counter.Child _left;
    private readonly Histogram.Child _hitSeconds;
    private readonly Histogram.Child _heldSeconds;
    private readonly Histogram _holds;
    private readonly Histogram _activations;
    private readonly Counter _refused;
    private readonly Counter _upstream;
    private readonly TimeProvider _time;

    public ProxyMetrics(IMetricFactory metrics, TimeProvider time)
    {
        _time = time;
        var requests = metrics.CreateCounter(
            "substrate_proxy_requests_total",
            "Requests by class of status code, or left when the caller went away first, and by route: hit, held for an activation, or none.",
            ["code", "route"]);
        _hit = [.. Codes.Select(code => requests.WithLabels(code, "hit"))];
        _held = [.. Codes.Select(code => requests.WithLabels(code, "held"))];
        _none = [.. Codes.Select(code => requests.WithLabels(code, "none"))];
        _left = requests.WithLabels("left", "any");
        var buckets = new HistogramConfiguration { Buckets = Buckets };
        var seconds = metrics.CreateHistogram(
            "substrate_proxy_request_seconds", "Time from the head of a request to the end of its answer, streams included, by route.", ["route"], buckets);
        (_hitSeconds, _heldSeconds) = (seconds.WithLabels("hit"), seconds.WithLabels("held"));
        _holds = metrics.CreateHistogram(
            "substrate_proxy_hold_seconds", "Time that requests were held, by how it ended.", ["outcome"], buckets);
        _activations = metrics.CreateHistogram(
            "substrate_proxy_activation_seconds",
            "Time to bring an actor up, as its requests waited (total) and by phase on the node.",
            ["outcome", "phase"],
            buckets);
        _refused = metrics.CreateCounter("substrate_proxy_refused_total", "Answers of the proxy's own, by reason.", ["reason"]);
        _upstream = metrics.CreateCounter("substrate_proxy_upstream_errors_total", "Requests whose forwarding failed, by what failed.", ["error"]);
        Held = metrics.CreateGauge("substrate_proxy_held_requests", "Requests that wait for their actor now.");
        HeldBytes = metrics.CreateGauge("substrate_proxy_held_bytes", "Bytes that waiting requests take, as they are counted against the bounds.");
        Routes = metrics.CreateGauge("substrate_proxy_routes", "Actors with a route now.");
        AccessLogDropped = metrics.CreateCounter("substrate_proxy_access_log_dropped_total", "Requests that could not be noted in the access log.");
        var retries = metrics.CreateCounter(
            "substrate_proxy_retries_total",
            "Requests sent again, by why that is safe: unsent (no connection was made) or safe (a bodiless safe method without an answer).",
            ["why"]);
        (RetriedUnsent, RetriedSafe) = (retries.WithLabels("unsent"), retries.WithLabels("safe"));
    }

    public Gauge Held { get; }

    public Gauge HeldBytes { get; }

    public Gauge Routes { get; }

    public Counter AccessLogDropped { get; }

    public Counter.Child RetriedUnsent { get; }

    public Counter.Child RetriedSafe { get; }

    /// <summary>Counts an answered request.</summary>
    /// <param name="status">The status that was sent.</param>
    /// <param name="held">True when it was held; false when its route was there.</param>
    /// <param name="start">Timestamp of its beginning.</param>
    public void Answered(int status, bool held, long start)
    {
        (held ? _held : _hit)[Class(status)].Inc();
        (held ? _heldSeconds : _hitSeconds).Observe(_time.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Counts a request that named no actor, or was not to be served.</summary>
    public void Unaddressed(int status) => _none[Class(status)].Inc();

    /// <summary>Counts an answer of the proxy's own; reasons are those of <c>ProblemMap</c>.</summary>
    public void Refused(string reason) => _refused.WithLabels(reason).Inc();

    /// <summary>Counts a forwarding that failed.</summary>
    public void UpstreamFailed(ForwarderError error) => _upstream.WithLabels(error.ToString()).Inc();

    /// <summary>Counts a request whose caller went away before it was answered.</summary>
    public void Left() => _left.Inc();

    /// <summary>Counts a request whose holding ended.</summary>
    public void HeldFor(HoldOutcome outcome, TimeSpan time) => _holds.WithLabels(outcome.ToString()).Observe(time.TotalSeconds);

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
