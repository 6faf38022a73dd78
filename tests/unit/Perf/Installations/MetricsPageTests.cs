using Substrate.Perf.Installations;

namespace Substrate.Perf.UnitTests.Installations;

public sealed class MetricsPageTests
{
    private static readonly MetricsPage Page = new("# HELP a_total Text.\n# TYPE a_total counter\na_total{outcome=\"done\"} 3\na_total{outcome=\"busy\"} 4\na_total_seconds 9\nb 1.5e2\n");

    [Theory]
    [InlineData("a_total", "", 7)]
    [InlineData("a_total", "outcome=\"done\"", 3)]
    [InlineData("b", "", 150)]
    [InlineData("c", "", 0)]
    public void Sum_OfAMetric_IsThatOfItsSeries(string name, string label, double expected) => Assert.Equal(expected, Page.Sum(name, label));
}
