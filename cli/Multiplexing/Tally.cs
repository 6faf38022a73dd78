using HdrHistogram;

namespace Substrate.Cli.Multiplexing;

/// <summary>How the demonstration goes so far. Written by many requests, read by the display.</summary>
internal sealed class Tally(int total)
{
    private const int ShownProblems = 10;

    private readonly Lock _lock = new();
    private readonly LongHistogram _latency = new(highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3);
    private readonly List<string> _problems = [];
    private int _right;
    private int _wrong;
    private int _failed;

    public int Total => total;

    /// <summary>The first few things that went wrong.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (_lock)
            {
                return [.. _problems];
            }
        }
    }

    public void Right(TimeSpan latency)
    {
        lock (_lock)
        {
            _right++;
            _latency.RecordValue((long)latency.TotalMicroseconds);
        }
    }

    public void Wrong(string problem) => Count(ref _wrong, problem);

    public void Failed(string problem) => Count(ref _failed, problem);

    public TallyNow Now()
    {
        lock (_lock)
        {
            var (p50, p99) = _right == 0 ? (0, 0) : (_latency.GetValueAtPercentile(50), _latency.GetValueAtPercentile(99));
            return new TallyNow(_right + _wrong + _failed, _right, _wrong, _failed, TimeSpan.FromMicroseconds(p50), TimeSpan.FromMicroseconds(p99));
        }
    }

    private void Count(ref int counter, string problem)
    {
        lock (_lock)
        {
            counter++;
            if (_problems.Count < ShownProblems)
            {
                _problems.Add(problem);
            }
        }
    }
}

/// <summary>A reading of <see cref="Tally"/>.</summary>
internal readonly record struct TallyNow(int Done, int Right, int Wrong, int Failed, TimeSpan P50, TimeSpan P99);
