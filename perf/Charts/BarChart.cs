namespace Substrate.Perf.Charts;

/// <summary>A bar per category and series: side by side, or stacked where the series are phases of one whole.</summary>
/// <param name="Name">Part of the file name.</param>
/// <param name="Title">Heading.</param>
/// <param name="Unit">What the length of a bar means.</param>
/// <param name="Categories">Names from top to bottom.</param>
/// <param name="Series">Values for each category.</param>
internal sealed record BarChart(string Name, string Title, string Unit, IReadOnlyList<string> Categories, IReadOnlyList<BarValues> Series) : IChart
{
    public bool Stacked { get; init; }
}

/// <summary>One value per category; <see cref="double.NaN"/> leaves a gap.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Values">Length of each bar.</param>
/// <param name="Spread">Lower and upper end of the whisker of each bar; null for none.</param>
internal sealed record BarValues(string Name, IReadOnlyList<double> Values, IReadOnlyList<(double Low, double High)>? Spread = null);
