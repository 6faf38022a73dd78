namespace Substrate.Perf.Charts;

/// <summary>Lines over a common axis, for instance latency over percentile or over the number of actors.</summary>
/// <param name="Name">Part of the file name.</param>
/// <param name="Title">Heading.</param>
/// <param name="Across">What the horizontal axis means.</param>
/// <param name="Up">What the vertical axis means.</param>
/// <param name="Curves">The lines.</param>
internal sealed record CurveChart(string Name, string Title, string Across, string Up, IReadOnlyList<Curve> Curves) : IChart
{
    public bool LogarithmicAcross { get; init; }

    public bool LogarithmicUp { get; init; }
}

/// <summary>One line; values on a logarithmic axis are above zero.</summary>
internal sealed record Curve(string Name, IReadOnlyList<(double X, double Y)> Points);
