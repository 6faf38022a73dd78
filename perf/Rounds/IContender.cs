namespace Substrate.Perf.Rounds;

/// <summary>One of several things that are measured side by side.</summary>
internal interface IContender
{
    /// <summary>Name in tables and charts.</summary>
    string Name { get; }

    /// <summary>Measures once. What has to be put in order before or after is done here too, untimed.</summary>
    /// <returns>Metric → value; the same metrics in each round.</returns>
    Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken);
}
