using StackExchange.Redis;
using Substrate.State.Actors;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.State.Transitions;
using Substrate.TestSupport.Redis;

namespace Substrate.State.ComponentTests.Storage;

/// <summary>A call whose answer never came: whoever made it finds out what happened by making it again.</summary>
public sealed class UnknownOutcomeTests
{
    private static readonly TimeSpan Within = TimeSpan.FromHours(1);

    [Fact]
    public async Task AnswerLost_OfEveryTransitionOfALife_TheRepeatedCallFindsItsOwnEffect()
    {
        await using var server = new RedisServer();
        await server.InitializeAsync();
        await using var relay = new CuttingRelay(server.Port);
        await using var redis = StateServices.Connect(new RedisOptions { ConnectionString = $"127.0.0.1:{relay.Port}", Timeout = TimeSpan.FromSeconds(5) });
        var actors = new ActorStore(redis);
        var key = Fresh.Actor();
        var epoch = 0L;
        Func<Task<TransitionResult>>[] life =
        [
            () => actors.CreateAsync(key, "uid", Fresh.Template, new Dictionary<string, string>()),
            () => actors.ClaimAsync(key, "token", "n1", Within),
            () => actors.ReplaceAsync(key, epoch, "n1", "n2", Within),
            () => actors.RunningAsync(key, epoch, "n2", "127.0.0.1:1"),
            () => actors.BeginSuspendAsync(key, epoch, Within),
            () => actors.WakeAsync(key),
            () => actors.AbortAsync(key, epoch, ""),
            () => actors.BeginPauseAsync(key, epoch, Within),
            () => actors.PausedAsync(key, epoch, $"{epoch}-snap", "n2", 1),
            () => actors.WantUploadAsync(key),
            () => actors.UploadedAsync(key, $"{epoch}-snap"),
            () => actors.UpdateAsync(key, new Dictionary<string, string> { ["zone"] = "a" }),
        ];

        for (var i = 0; i < life.Length; i++)
        {
            // The channel is an argument of every transition, and of nothing else.
            relay.CutAfter(Keys.ActorEvents(Keys.Shard(key)).ToString());
            await Assert.ThrowsAnyAsync<RedisException>(life[i]);

            var repeated = await RepeatAsync(life[i]);
            Assert.True(repeated.Done, $"step {i}: {repeated.Outcome}");
            Assert.Equal(i + 1, repeated.Record!.Version);
            epoch = repeated.Record.Epoch;
        }

        Assert.Equal(life.Length, relay.Cuts);
        Assert.Equal(ActorState.Suspended, (await actors.GetAsync(key))!.State);
    }

    // The connection comes back by itself; until then a call fails without having been sent.
    private static async Task<TransitionResult> RepeatAsync(Func<Task<TransitionResult>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RedisConnectionException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
