namespace Substrate.Cli.Benchmarks;

/// <summary>Measured times. Few enough to keep all of them, so percentiles are exact.</summary>
internal sealed class Samples
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public void Add(TimeSpan time) => _milliseconds.Add(time.TotalMilliseconds);

    /// <summary>The nearest-rank percentile in milliseconds: the smallest sample that at least that share is not above.</summary>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public double Percentile(double percent)
    {
        if (_milliseconds.Count == 0)
        {
            throw new InvalidOperationException("There are no samples.");
        }

        var rank = (int)Math.Ceiling(percent / 100 * _milliseconds.Count);
        return _milliseconds.Order().ElementAt(Math.Clamp(rank, 1, _milliseconds.Count) - 1);
    }
}
