using Substrate.State.Actors;

namespace Substrate.State.UnitTests.Actors;

public sealed class DomainNameTests
{
    [Theory]
    [InlineData("agent.example.com", true)]
    [InlineData("a.b", true)]
    [InlineData("xn--bcher-kva.example", true)]
    [InlineData("localhost", false)]
    [InlineData("Agent.example.com", false)]
    [InlineData("agent.example.com.", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("*.example.com", false)]
    [InlineData("a..b", false)]
    [InlineData("a_b.example.com", false)]
    [InlineData("", false)]
    public void IsDomain_ByForm(string value, bool expected) => Assert.Equal(expected, DomainName.IsDomain(value));

    [Fact]
    public void IsDomain_TooLong_IsNone()
    {
        var label = new string('a', 63);
        Assert.True(DomainName.IsDomain($"{label}.{label}.{label}.{new string('a', 61)}"));
        Assert.False(DomainName.IsDomain($"{label}.{label}.{label}.{new string('a', 62)}"));
    }
}
