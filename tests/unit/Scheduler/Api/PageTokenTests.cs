using CsCheck;
using Substrate.Scheduler.Api;
using Substrate.State.Actors;

namespace Substrate.Scheduler.UnitTests.Api;

public sealed class PageTokenTests
{
    [Theory]
    [InlineData("")]
    [InlineData("demo")]
    public void Read_OwnToken_GivesThePlace(string atespace)
    {
        Assert.Null(PageToken.Read(PageToken.Write(atespace, new("demo", "alice")), atespace, out var after));
        Assert.Equal(new ActorKey("demo", "alice"), after);
    }

    [Fact]
    public void Read_TokenOfAnotherListing_SaysSo() =>
        Assert.Equal("invalid page token: it belongs to a listing of another atespace", PageToken.Read(PageToken.Write("", new("demo", "a")), "demo", out _));

    [Fact]
    public void Read_AnyText_NeverThrows() => Gen.String.Sample(static text => Assert.Equal("invalid page token", PageToken.Read(text, "", out _)));

    [Fact]
    public void Read_AnyCharacterChanged_IsRefused()
    {
        var token = PageToken.Write("demo", new("demo", "alice"));
        for (var i = 0; i < token.Length; i++)
        {
            var changed = token[..i] + (token[i] == 'A' ? 'B' : 'A') + token[(i + 1)..];
            Assert.Equal("invalid page token", PageToken.Read(changed, "demo", out _));
        }
    }

    [Fact]
    public void Read_HugeToken_IsRefused() => Assert.Equal("invalid page token", PageToken.Read(new string('A', 4_000_000), "", out _));
}
