using CsCheck;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Transitions;

namespace Substrate.State.ComponentTests.Model;

/// <summary>Random sequences of all transitions, by holders and by those who no longer are, against the model, on every store.</summary>
public sealed class TransitionModelTests(StoreProcesses stores)
{
    private const int Sequences = 80;

    [Theory]
    [ClassData<EveryStore>]
    public async Task AnySequence_OnEveryStore_GoesAsTheModel(StoreKind kind)
    {
        var actors = new ActorStore(await stores.ConnectAsync(kind));
        await Step.Sequences.SampleAsync(steps => FollowAsync(actors, steps), iter: Sequences, threads: 2);
    }

    private static async Task FollowAsync(ActorStore actors, Step[] steps)
    {
        var key = Fresh.Actor();
        var model = new ActorModel(key);
        foreach (var step in steps)
        {
            var call = step.Resolve(model);
            var before = model.Record;
            var answer = await call.RunAsync(actors, key);
            await CheckAsync(actors, model, call, before, answer);
            if (answer.Done)
            {
                // Repeating it at once, as after a lost answer, finds its own effect or is turned away, and never changes anything.
                before = model.Record;
                var repeated = await call.RunAsync(actors, key);
                await CheckAsync(actors, model, call, before, repeated);
                Assert.Equal(before?.Version, model.Record?.Version);
            }
        }
    }

    private static async Task CheckAsync(ActorStore actors, ActorModel model, Call call, ActorRecord? before, TransitionResult answer)
    {
        var outcome = model.Apply(call, answer.Record?.Epoch ?? 0);
        var because = $"{call} on {before}";
        Assert.True(outcome == answer.Outcome, $"{answer.Outcome} instead of {outcome}: {because}");

        // A delete answers the record as it was; every other transition answers it as it is.
        var key = (model.Record ?? before)?.Key;
        var stored = key is null ? null : await actors.GetAsync(key.Value);
        AssertSame(model.Record, stored, because);
        AssertSame(call.Verb == Verb.Delete && answer.Done ? before : model.Record, answer.Record, because);
        Assert.Equal(model.Snapshots, key is null ? [] : await actors.SnapshotsAsync(key.Value));
    }

    private static void AssertSame(ActorRecord? expected, ActorRecord? actual, string because)
    {
        Assert.True((expected is null) == (actual is null), $"{(actual is null ? "no record" : "a record")}: {because}");
        if (expected is not null && actual is not null)
        {
            Assert.True(Text(expected) == Text(actual), $"expected {Text(expected)}\n but was {Text(actual)}\n after {because}");
            Assert.True(actual.UpdatedAt >= actual.CreatedAt && actual.CreatedAt > DateTimeOffset.UnixEpoch, "times are the store's");
        }
    }

    private static string Text(ActorRecord record) =>
        string.Join(' ', record.Selector) + " labeled " + string.Join(' ', record.Labels) + (record.Deadline is null ? " in no hurry " : " with a deadline ") + (record with
        {
            Selector = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
            Labels = System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty,
            Deadline = null,
            CreatedAt = default,
            UpdatedAt = default,
        });
}
