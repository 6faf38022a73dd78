using Substrate.EndToEndTests.World;
using Substrate.TestSupport.Polling;

namespace Substrate.EndToEndTests.Standalone;

/// <summary>The first command: everything on one machine, and nothing of it lost or left.</summary>
public sealed class UpTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Actor_LeftAlone_IsPausedAndWakesWithItsCounts()
    {
        await using var up = await Installation.UpAsync();
        await up.OkAsync("create", "actor", "alice", "-a", "demo", "-t", "demo/counter");
        var first = await up.CountAsync("alice");
        using (var byHost = await up.GetByHostAsync($"alice.demo.actors.localhost:{up.Port}", "/anything"))
        {
            Assert.Contains("\"memory\":2", await byHost.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        await Eventually.TrueAsync(async () => await up.StateAsync("alice") == "STATUS_PAUSED", Soon, "alice is paused when idle");

        var woken = await up.CountAsync("alice");
        Assert.Equal(("alice", "demo", 3, 3, first.StartedAt), (woken.Actor, woken.Atespace, woken.Memory, woken.File, woken.StartedAt));
    }

    [Fact]
    public async Task EveryVerb_OnALivingActor_DoesWhatItSays()
    {
        await using var up = await Installation.UpAsync();
        await up.OkAsync("create", "atespace", "team");
        await up.OkAsync("create", "actor", "bob", "-a", "team", "-t", "demo/counter");
        await up.CountAsync("bob", "team");
        await up.OkAsync("pause", "actor", "bob", "-a", "team");
        await up.OkAsync("suspend", "actor", "bob", "-a", "team");
        Assert.Contains("STATUS_SUSPENDED", await up.OkAsync("get", "actor", "bob", "-a", "team", "-o", "yaml"), StringComparison.Ordinal);
        await up.OkAsync("resume", "actor", "bob", "-a", "team");
        Assert.Contains("STATUS_RUNNING", await up.OkAsync("get", "actors", "-A", "-o", "json"), StringComparison.Ordinal);
        Assert.Equal(2, (await up.CountAsync("bob", "team")).Memory);
        Assert.Contains("bob", await up.OkAsync("get", "workers"), StringComparison.Ordinal);
        Assert.Contains("demo/counter", await up.OkAsync("get", "templates"), StringComparison.Ordinal);
        Assert.Contains("team", await up.OkAsync("get", "atespaces"), StringComparison.Ordinal);
        await up.OkAsync("logs", "actor", "bob", "-a", "team");
        await up.OkAsync("suspend", "actor", "bob", "-a", "team");

        var refused = await up.RunAsync("delete", "atespace", "team");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Atespace team is not empty", refused.Error, StringComparison.Ordinal);
        await up.OkAsync("delete", "actor", "bob", "-a", "team");
        await up.OkAsync("delete", "atespace", "team");
    }

    [Fact]
    public async Task Down_WithARunningActor_LeavesNothingAndTheNextUpHasItsState()
    {
        var before = Footprint.Take();
        await using var up = await Installation.UpAsync();
        await up.OkAsync("create", "actor", "carol", "-a", "demo", "-t", "demo/counter");
        var first = await up.CountAsync("carol");

        await up.DownAsync();
        before.AssertNothingMore(Footprint.Take());

        await up.StartAsync();
        var woken = await up.CountAsync("carol");
        Assert.Equal((2, 2, first.StartedAt), (woken.Memory, woken.File, woken.StartedAt));
        await up.DownAsync();
        before.AssertNothingMore(Footprint.Take());
    }

    [Fact]
    public async Task Kill_WithARunningActor_IsCleanedUpAndRecoveredByTheNextUp()
    {
        var before = Footprint.Take();
        await using var up = await Installation.UpAsync();
        await up.OkAsync("create", "actor", "dave", "-a", "demo", "-t", "demo/counter");
        await up.CountAsync("dave");
        var last = await up.CountAsync("dave");

        await up.KillAsync();
        await up.StartAsync();

        var woken = await up.CountAsync("dave");
        Assert.Equal((3, 3, last.StartedAt), (woken.Memory, woken.File, woken.StartedAt));
        await up.DownAsync();
        before.AssertNothingMore(Footprint.Take());
    }

    [Fact]
    public async Task Multiplex_ManyActorsOnFewSlots_EveryAnswerIsRight()
    {
        await using var up = await Installation.UpAsync(slots: 4);
        var output = await up.OkAsync(
            "demo", "multiplex", "--actors", "30", "--requests", "5", "--concurrency", "8", "--seed", "1", "--ingress", $"http://127.0.0.1:{up.Port}");
        Assert.Contains("150 right, 0 wrong, 0 failed", output, StringComparison.Ordinal);
    }
}
