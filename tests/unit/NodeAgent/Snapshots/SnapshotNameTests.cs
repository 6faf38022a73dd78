using CsCheck;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.UnitTests.Snapshots;

public sealed class SnapshotNameTests
{
    private const string Root = "/base/snapshots";

    [Fact]
    public void ForActor_ValidKey_IsBelowActors()
    {
        var name = SnapshotName.ForActor(new ActorKey("demo", "alice"), "7-abc");

        Assert.Equal("actors/demo/alice/7-abc", name.ToString());
    }

    [Fact]
    public void ForGolden_ValidKey_IsBelowGoldens()
    {
        var name = SnapshotName.ForGolden(new TemplateKey("demo", "counter"), "u1", "g");

        Assert.Equal("goldens/demo/counter/u1/g", name.ToString());
    }

    [Theory]
    [InlineData("..", "alice", "1")]
    [InlineData("demo", "../bob", "1")]
    [InlineData("demo", "a/b", "1")]
    [InlineData("demo", "", "1")]
    [InlineData("demo", ".staged", "1")]
    [InlineData("demo", "alice", "..")]
    [InlineData("demo", "alice", "a/b")]
    [InlineData("demo", "alice", "")]
    [InlineData("demo", "alice", "A")]
    [InlineData("demo", "alice", "a\0")]
    public void ForActor_PartThatIsNoLabel_Throws(string atespace, string actor, string id) =>
        Assert.Throws<ArgumentException>(() => SnapshotName.ForActor(new ActorKey(atespace, actor), id));

    [Fact]
    public void Default_Used_Throws() => Assert.Throws<InvalidOperationException>(() => default(SnapshotName).ToString());

    [Fact]
    public void TryParse_AnyText_NeverLeadsOutOfTheDirectory()
    {
        var piece = Gen.OneOf(Gen.OneOf("..", ".", "", "actors", "goldens", "demo", "a-b", "/", "\0", "~"), Gen.String[0, 6]);
        piece.Array[0, 7].Sample(pieces =>
        {
            var text = string.Join('/', pieces);
            if (SnapshotName.TryParse(text, out var name))
            {
                var path = Path.GetFullPath(Path.Combine(Root, name.ToString()));
                Assert.Equal($"{Root}/{text}", path);
                Assert.InRange(text.Split('/').Length, 4, 5);
            }
        });
    }

    [Fact]
    public void TryParse_WhatANamePrints_IsTheNameAgain()
    {
        var label = Gen.String[Gen.Char["abz019"], 1, 20];
        Gen.Select(label, label, label).Sample((atespace, actor, id) =>
        {
            var name = SnapshotName.ForActor(new ActorKey(atespace, actor), id);
            Assert.True(SnapshotName.TryParse(name.ToString(), out var again));
            Assert.Equal(name, again);
        });
    }
}
