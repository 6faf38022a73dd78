using Substrate.Perf.Rounds;

namespace Substrate.Perf.UnitTests.Rounds;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(50, 50)]
    [InlineData(95, 95)]
    [InlineData(99, 99)]
    [InlineData(100, 100)]
    [InlineData(0, 1)]
    public void Percentile_OfAHundredSamples_IsTheNearestRank(double percent, double expected)
    {
        var samples = new Samples();
        foreach (var i in Enumerable.Range(1, 100).Reverse())
        {
            samples.Add(TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal(expected, samples.Percentile(percent));
    }

    [Fact]
    public void Percentile_OfOneSample_IsThatSample()
    {
        var samples = new Samples();
        samples.Add(TimeSpan.FromMilliseconds(7.5));

        Assert.Equal(7.5, samples.Percentile(99));
    }
}
