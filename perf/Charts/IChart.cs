namespace Substrate.Perf.Charts;

/// <summary>A picture of results: <see cref="BarChart"/> or <see cref="CurveChart"/>.</summary>
internal interface IChart
{
    /// <summary>Part of the file name, for instance <c>phases</c>.</summary>
    string Name { get; }

    string Title { get; }
}
