using Substrate.Proxy.Problems;

namespace Substrate.Proxy.UnitTests.Problems;

public sealed class ProblemWriterTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("application/json", false)]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", false)]
    [InlineData("text/plain", true)]
    [InlineData("text/plain, */*", true)]
    [InlineData("text/plain;q=0.5, application/problem+json", false)]
    [InlineData("application/json;q=0.4, text/plain;q=0.5", true)]
    [InlineData("text/plain, application/json", false)]
    [InlineData("no media type at all;;", false)]
    public void PrefersText_ByAccept_OnlyWhenPlainTextIsNamedAndLikedBest(string accept, bool text) =>
        Assert.Equal(text, ProblemWriter.PrefersText(accept));
}
