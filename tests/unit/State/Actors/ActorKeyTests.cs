using CsCheck;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.State.UnitTests.Actors;

public sealed class ActorKeyTests
{
    private static readonly Gen<string> Label = Gen.Char["abc019"].Array[1, 20].Select(static chars => new string(chars));

    [Fact]
    public void TryParse_WhatItWrites_IsTheSame() =>
        Gen.Select(Label, Label).Sample(static (atespace, name) =>
            ActorKey.TryParse(new ActorKey(atespace, name).ToString(), out var key) && key == new ActorKey(atespace, name)
            && TemplateKey.TryParse(new TemplateKey(atespace, name).ToString(), out var template) && template == new TemplateKey(atespace, name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("a")]
    [InlineData("a/")]
    [InlineData("/a")]
    [InlineData("a/b/c")]
    [InlineData("A/b")]
    [InlineData("a/b ")]
    [InlineData("a/b}")]
    public void TryParse_NoKey_IsFalse(string? text)
    {
        Assert.False(ActorKey.TryParse(text, out _));
        Assert.False(TemplateKey.TryParse(text, out _));
    }
}
