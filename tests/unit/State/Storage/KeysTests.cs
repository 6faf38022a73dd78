using CsCheck;
using Substrate.State.Actors;
using Substrate.State.Storage;

namespace Substrate.State.UnitTests.Storage;

public sealed class KeysTests
{
    [Theory]
    [InlineData("alice", 13)]
    [InlineData("bob", 10)]
    public void Shard_OfAnActor_NeverChanges(string name, int shard) => Assert.Equal(shard, Keys.Shard(new ActorKey("demo", name)));

    [Fact]
    public void Shards_OfManyNames_SpreadEvenly()
    {
        var keys = Enumerable.Range(0, 16_000).Select(static i => new ActorKey("demo", $"actor-{i}")).ToArray();

        Assert.All(keys.CountBy(Keys.RecordShard), static shard => Assert.InRange(shard.Value, 150, 350));
        Assert.All(keys.CountBy(Keys.Shard), static shard => Assert.InRange(shard.Value, 700, 1300));
        Assert.Equal(Keys.RecordShards, keys.Select(Keys.RecordShard).Distinct().Count());
        Assert.Equal(Keys.EventShards, keys.Select(Keys.Shard).Distinct().Count());
    }

    [Fact]
    public void ActorAndSnapshots_OfOneActor_ShareAHashTagWithTheirChangeLog()
    {
        var key = new ActorKey("demo", "alice");

        Assert.Equal("actor:{13}:demo/alice", Keys.Actor(key));
        Assert.Equal("snaps:{13}:demo/alice", Keys.Snapshots(key));
        Assert.Equal("changes:{13}", Keys.Changes(Keys.RecordShard(key)));
        Assert.Equal("actors:{demo}:default/counter", Keys.ActorIndex("demo", new("default", "counter")));
        Assert.NotEqual(Keys.Actor(key), Keys.Actor(new ActorKey("other", "alice")));
    }

    [Fact]
    public void Event_WhatATransitionPublishes_IsReadBack() =>
        Gen.Select(Gen.Long[0, 1L << 53], Gen.Int[0, 6], Gen.Long[0, 1L << 53]).Sample(static (version, state, epoch) =>
            ActorEvent.TryParse($"demo/alice|{version}|{state}|{epoch}", out var read)
            && read == new ActorEvent(new ActorKey("demo", "alice"), version, (ActorState)state, epoch));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("demo/alice")]
    [InlineData("demo/alice|1|2")]
    [InlineData("demo/alice|1|2|3|4")]
    [InlineData("demo|1|2|3")]
    [InlineData("demo/alice|x|2|3")]
    [InlineData("demo/alice|1|x|3")]
    [InlineData("demo/alice|1|2|x")]
    public void Event_Malformed_IsRefused(string? text) => Assert.False(ActorEvent.TryParse(text, out _));
}
