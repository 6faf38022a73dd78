using HdrHistogram;

namespace Substrate.Perf.Load;

/// <summary>Collects what becomes of the requests of a load.</summary>
internal sealed class LoadTally
{
    /// <summary>Percentiles that a report keeps.</summary>
    public static readonly IReadOnlyList<double> Percentiles = [10, 25, 50, 75, 90, 95, 98, 99, 99.5, 99.9, 100];

    private const int ShownProblems = 10;

    // Enough for hours of waking; a load of hot requests adds none.
    private const int MostWoken = 200_000;

    private readonly Lock _lock = new();
    private readonly LongHistogram _latency = new(highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3);
    private readonly LongHistogram _lag = new(highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3);
    private readonly long[] _counts = new long[Enum.GetValues<CallOutcome>().Length];
    private readonly List<(double Milliseconds, string Timing)> _woken = [];
    private readonly List<string> _problems = [];
    private long _unsent;

    public void Add(CallResult result, TimeSpan latency, TimeSpan lag)
    {
        lock (_lock)
        {
            _counts[(int)result.Outcome]++;
            _lag.RecordValue((long)lag.TotalMicroseconds);
            if (result.Outcome == CallOutcome.Right)
            {
                _latency.RecordValue(Math.Min((long)latency.TotalMicroseconds, _latency.HighestTrackableValue));
                if (result.Timing.Length > 0 && _woken.Count < MostWoken)
                {
                    _woken.Add((latency.TotalMilliseconds, result.Timing));
                }
            }
            else if (_problems.Count < ShownProblems)
            {
                _problems.Add(result.Problem);
            }
        }
    }

    public void NotSent()
    {
        lock (_lock)
        {
            _unsent++;
        }
    }

    /// <summary>One line about how it goes.</summary>
    public string Now()
    {
        lock (_lock)
        {
            return FormattableString.Invariant(
                $"{Count(CallOutcome.Right)} right, {Count(CallOutcome.Refused)} refused, {Count(CallOutcome.Wrong)} wrong, {Count(CallOutcome.Failed)} failed, {_unsent} unsent; p50 {Ms(_latency, 50):0.0} ms, p99 {Ms(_latency, 99):0.0} ms");
        }
    }

    public LoadReport Report(TimeSpan took)
    {
        lock (_lock)
        {
            var slow = _latency.TotalCount == 0 ? 0 : _latency.LowestEquivalentValue(_latency.GetValueAtPercentile(99)) / 1000.0;
            return new LoadReport
            {
                Seconds = Math.Round(took.TotalSeconds, 1),
                Due = _counts.Sum() + _unsent,
                Right = Count(CallOutcome.Right),
                Refused = Count(CallOutcome.Refused),
                Wrong = Count(CallOutcome.Wrong),
                Failed = Count(CallOutcome.Failed),
                Unsent = _unsent,
                Woken = _woken.Count,
                Latency = Points(_latency),
                Lag = Points(_lag),
                TailPhases = Phases(_woken.Where(w => w.Milliseconds >= slow)),
                WokenPhases = Phases(_woken),
                Problems = [.. _problems],
            };
        }
    }

    private long Count(CallOutcome outcome) => _counts[(int)outcome];

    private static LatencyPoint[] Points(LongHistogram histogram) => [.. Percentiles.Select(p => new LatencyPoint(p, Math.Round(Ms(histogram, p), 3)))];

    private static double Ms(LongHistogram histogram, double percentile) =>
        histogram.TotalCount == 0 ? 0 : histogram.GetValueAtPercentile(percentile) / 1000.0;

    // What the phases leave of the latency is the way to the proxy and back, the request itself, and the generator's lateness.
    private static SortedDictionary<string, double> Phases(IEnumerable<(double Milliseconds, string Timing)> answers)
    {
        var all = answers.Select(static a => ServerTiming.Parse(a.Timing)).ToArray();
        return new SortedDictionary<string, double>(all
            .SelectMany(static phases => phases)
            .GroupBy(static phase => phase.Key)
            .ToDictionary(static phase => phase.Key, phase => Math.Round(phase.Sum(static p => p.Value) / all.Length, 1)));
    }
}
