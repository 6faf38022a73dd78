namespace Substrate.Perf.Rounds;

/// <summary>Measured values of one kind. Few enough to keep all of them, so percentiles are exact.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public Samples()
    {
    }

    public Samples(IEnumerable<double> values) => _values.AddRange(values);

    public int Count => _values.Count;

    /// <summary>In the order in which they were measured.</summary>
    public IReadOnlyList<double> Values => _values;

    public double Median => Percentile(50);

    /// <summary>The quartiles around the median.</summary>
    public (double Low, double High) Spread => (Percentile(25), Percentile(75));

    public void Add(double value) => _values.Add(value);

    /// <summary>Adds a time, in milliseconds.</summary>
    public void Add(TimeSpan time) => _values.Add(time.TotalMilliseconds);

    /// <summary>The nearest-rank percentile: the smallest sample that at least that share is not above.</summary>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public double Percentile(double percent)
    {
        if (_values.Count == 0)
        {
            throw new InvalidOperationException("There are no samples.");
        }

        var rank = (int)Math.Ceiling(percent / 100 * _values.Count);
        return _values.Order().ElementAt(Math.Clamp(rank, 1, _values.Count) - 1);
    }

    /// <summary>This over that, round by round: what the machine did meanwhile fell on both.</summary>
    public Samples Over(Samples other) => new(_values.Zip(other._values, static (a, b) => a / b));
}
