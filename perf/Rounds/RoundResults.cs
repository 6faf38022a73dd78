namespace Substrate.Perf.Rounds;

/// <summary>Samples by contender and metric.</summary>
internal sealed class RoundResults
{
    private readonly Dictionary<(string Contender, string Metric), Samples> _samples = [];

    /// <exception cref="KeyNotFoundException">Nothing of that name was measured.</exception>
    public Samples this[string contender, string metric] => _samples.TryGetValue((contender, metric), out var samples)
        ? samples
        : throw new KeyNotFoundException($"{contender} has no metric {metric}; there are {string.Join(", ", _samples.Keys)}");

    public void Add(string contender, IReadOnlyDictionary<string, double> values)
    {
        foreach (var (metric, value) in values)
        {
            if (!_samples.TryGetValue((contender, metric), out var samples))
            {
                _samples[(contender, metric)] = samples = new Samples();
            }

            samples.Add(value);
        }
    }

    /// <summary>The first metric of each contender in the last round, in words.</summary>
    public string LastOf(IReadOnlyList<IContender> contenders) => string.Join(", ", contenders.Select(contender =>
    {
        var first = _samples.First(s => s.Key.Contender == contender.Name);
        return FormattableString.Invariant($"{contender.Name} {first.Value.Values[^1]:0.#} {first.Key.Metric}");
    }));
}
