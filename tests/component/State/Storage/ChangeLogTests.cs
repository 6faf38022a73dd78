using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;

namespace Substrate.State.ComponentTests.Storage;

public sealed class ChangeLogTests(StoreProcesses stores)
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Theory]
    [ClassData<EveryStore>]
    public async Task Read_SinceAPosition_NamesEveryActorThatChanged(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var (actors, log) = (new ActorStore(redis), new ChangeLog(redis));
        var (changed, other) = (Fresh.Actor(), Fresh.Actor());
        await actors.CreateAsync(changed, "uid", Fresh.Template, Nothing);
        await actors.CreateAsync(other, "uid", Fresh.Template, Nothing);
        var shard = Keys.RecordShard(changed);
        var before = (await log.EndAsync())[shard];

        await actors.UpdateAsync(changed, new Dictionary<string, string> { ["a"] = "b" });
        await actors.UpdateAsync(changed, new Dictionary<string, string> { ["a"] = "c" });
        var read = await log.ReadAsync(shard, before);
        Assert.Single(read!.Value.Changed, changed);
        Assert.DoesNotContain(other, read.Value.Changed);
        Assert.True(read.Value.End.Number >= before.Number + 2);

        // A repeated call changes nothing, a delete does.
        var then = read.Value.End;
        await actors.UpdateAsync(changed, new Dictionary<string, string> { ["a"] = "c" });
        await actors.DeleteAsync(changed, "uid");
        Assert.Contains(changed, (await log.ReadAsync(shard, then))!.Value.Changed);
    }

    [Theory]
    [ClassData<EveryStore>]
    public async Task Read_FromBeforeWhatTheLogKeeps_SaysSo(StoreKind kind)
    {
        var redis = await stores.ConnectAsync(kind);
        var (actors, log) = (new ActorStore(redis), new ChangeLog(redis));
        var first = Fresh.Actor();
        var shard = Keys.RecordShard(first);
        await actors.CreateAsync(first, "uid", Fresh.Template, Nothing);
        var before = (await log.EndAsync())[shard];

        // More actors of the same part than the log has room for.
        var others = Enumerable.Range(0, int.MaxValue).Select(i => new ActorKey(first.Atespace, $"o{i}")).Where(k => Keys.RecordShard(k) == shard).Take(1100).ToArray();
        foreach (var chunk in others.Chunk(100))
        {
            await Task.WhenAll(chunk.Select(key => actors.CreateAsync(key, "uid", Fresh.Template, Nothing)));
        }

        Assert.Null(await log.ReadAsync(shard, before));
        var end = (await log.EndAsync())[shard];
        Assert.Empty((await log.ReadAsync(shard, end))!.Value.Changed);
        Assert.Equal(1024, (await log.ReadAsync(shard, end with { Number = end.Number - 1024 }))!.Value.Changed.Count);

        // A number that is yet to come, and another life of the log: whoever holds these must list again.
        Assert.Null(await log.ReadAsync(shard, end with { Number = end.Number + 1_000_000 }));
        Assert.Null(await log.ReadAsync(shard, end with { Life = "other" }));
    }
}
