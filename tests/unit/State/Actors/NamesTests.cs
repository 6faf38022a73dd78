using CsCheck;
using Substrate.State.Actors;

namespace Substrate.State.UnitTests.Actors;

public sealed class NamesTests
{
    private static readonly System.Text.RegularExpressions.Regex Label = new("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");

    [Theory]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("a-b")]
    [InlineData("a--b")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012")]
    public void IsLabel_Label_IsTrue(string name)
    {
        Assert.True(Names.IsLabel(name));
        Assert.Null(Names.Violation(name));
    }

    [Theory]
    [InlineData("", "must start and end with")]
    [InlineData("-a", "must start and end with")]
    [InlineData("a-", "must start and end with")]
    [InlineData("A", "must start and end with")]
    [InlineData("a.b", "must start and end with")]
    [InlineData("a/b", "must start and end with")]
    [InlineData("a{b", "must start and end with")]
    [InlineData("ä", "must start and end with")]
    [InlineData("a\n", "must start and end with")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123", "no more than 63")]
    public void IsLabel_NoLabel_IsFalseAndSaysTheRule(string name, string rule)
    {
        Assert.False(Names.IsLabel(name));
        Assert.Contains(rule, Names.Violation(name), StringComparison.Ordinal);
    }

    [Fact]
    public void IsLabel_AnyText_IsAsTheRfcSays() =>
        Gen.String[Gen.Char["ab09-.A_/"], 0, 66].Sample(text => Names.IsLabel(text) == Label.IsMatch(text) && (Names.Violation(text) is null) == Label.IsMatch(text));
}
