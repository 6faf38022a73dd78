using Substrate.Cli.Output;

namespace Substrate.Cli.UnitTests.Output;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("90s", 90_000)]
    [InlineData("2m30s", 150_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("30", 30_000)]
    public void Text_WellFormed_IsRead(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("5d")]
    [InlineData("-3s")]
    [InlineData("5s later")]
    public void Text_Malformed_IsRefused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData(850, "850ms")]
    [InlineData(12_900, "12s")]
    [InlineData(119_000, "119s")]
    [InlineData(180_000, "3m")]
    [InlineData(5 * 3_600_000, "5h")]
    [InlineData(3 * 86_400_000, "3d")]
    public void Duration_Written_UsesTheCoarsestUsefulUnit(double milliseconds, string expected) =>
        Assert.Equal(expected, DurationText.Of(TimeSpan.FromMilliseconds(milliseconds)));
}
