using System.Xml.Linq;
using Substrate.Perf.Charts;

namespace Substrate.Perf.UnitTests.Charts;

public sealed class SvgPictureTests
{
    [Fact]
    public void Bars_WithPhases_AreDrawnWithTheirNames()
    {
        var chart = new BarChart("phases", "Where the time goes", "ms", ["hot & near", "paused"], [new("queue", [1, 2]), new("restore", [3, 40])]) { Stacked = true };

        var text = Texts(chart);

        Assert.Superset(new HashSet<string> { "Where the time goes", "ms", "hot & near", "paused", "queue", "restore" }, text);
    }

    [Fact]
    public void Bars_WithSpreadAndGaps_AreDrawn()
    {
        var chart = new BarChart("rps", "Requests", "1/s", ["a", "b"], [new("x", [10, double.NaN], [(8, 12), (double.NaN, double.NaN)]), new("y", [5, 6])]);

        Assert.Contains("Requests", Texts(chart));
    }

    [Fact]
    public void Curves_OnLogarithmicAxes_AreDrawnWithTheirNames()
    {
        var chart = new CurveChart("latency", "Latency", "percentile", "ms", [new("3.3x", [(1, 5), (10, 50), (100, 900)])]) { LogarithmicAcross = true, LogarithmicUp = true };

        Assert.Superset(new HashSet<string> { "Latency", "percentile", "ms", "3.3x" }, Texts(chart));
    }

    private static HashSet<string> Texts(IChart chart) =>
        [.. XDocument.Parse(SvgPicture.Of(chart)).Descendants().Where(static e => e.Name.LocalName == "text").Select(static e => e.Value)];
}
