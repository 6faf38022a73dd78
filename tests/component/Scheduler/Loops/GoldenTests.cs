using Substrate.NodeAgent.V1;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Loops;

public sealed class GoldenTests
{
    private static readonly TemplateKey Key = new("demo", "x");

    [Fact]
    public async Task Pending_BuildSucceeds_IsReady()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await PutAsync(cluster, TemplatePhase.Pending);

        var ready = await BecomesAsync(cluster, TemplatePhase.Ready);
        Assert.Equal(("golden-1", "sha256:1", 42L), (ready.GoldenSnapshot, ready.ImageDigest, ready.GoldenBytes));
        Assert.Equal(["build"], node.Calls);
    }

    [Fact]
    public async Task Pending_ProcessFails_IsFailedWithReasonAndBoundedOutput()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        node.OnBuildGolden = static (_, _) => Task.FromResult(new BuildGoldenReply { Reason = "exit status 1", LastOutput = new string('x', 10_000) + "end" });
        await PutAsync(cluster, TemplatePhase.Pending);

        var failed = await BecomesAsync(cluster, TemplatePhase.Failed);
        Assert.Equal(("exit status 1", 4096), (failed.Reason, failed.LastOutput.Length));
        Assert.EndsWith("xend", failed.LastOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_NodeHasNoRoom_IsTriedAgain()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var calls = 0;
        node.OnBuildGolden = (_, _) => Task.FromResult(
            Interlocked.Increment(ref calls) == 1 ? new BuildGoldenReply { Retry = true, Reason = "full" } : new BuildGoldenReply { Built = true, Snapshot = "g" });
        await PutAsync(cluster, TemplatePhase.Pending);

        await BecomesAsync(cluster, TemplatePhase.Ready);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task Pending_NoNode_WaitsForOne()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await PutAsync(cluster, TemplatePhase.Pending);
        await cluster.AddNodeAsync("n1");

        await BecomesAsync(cluster, TemplatePhase.Ready);
    }

    [Fact]
    public async Task Building_ByALeaderThatDied_IsBuiltAgain()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;
        await PutAsync(cluster, TemplatePhase.Building);

        await BecomesAsync(cluster, TemplatePhase.Ready);
    }

    [Fact]
    public async Task Building_ForLong_GivesSignsOfLifeAndIsBuiltOnce()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.OnBuildGolden = async (_, _) =>
        {
            await finish.Task;
            return new() { Built = true, Snapshot = "g" };
        };
        await PutAsync(cluster, TemplatePhase.Pending);
        var begun = (await BecomesAsync(cluster, TemplatePhase.Building)).UpdatedAt;

        // Three times the time after which it would count as abandoned.
        await Eventually.TrueAsync(async () => (await ReadAsync(cluster)).UpdatedAt - begun > TimeSpan.FromSeconds(3), Cluster.Soon, "it gives signs of life");
        finish.SetResult();
        await BecomesAsync(cluster, TemplatePhase.Ready);
        Assert.Equal(["build"], node.Calls);
    }

    [Fact]
    public async Task Building_LeaderStops_TheNextOneGoesOnAtOnce()
    {
        await using var cluster = await Cluster.EmptyAsync();
        var first = await cluster.AddSchedulerAsync(("Scheduler:BuildAbandoned", "00:05:00"));
        var node = await cluster.AddNodeAsync("n1");
        node.OnBuildGolden = static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new();
        };
        await PutAsync(cluster, TemplatePhase.Pending);
        await BecomesAsync(cluster, TemplatePhase.Building);
        await Eventually.TrueAsync(() => !node.Calls.IsEmpty, Cluster.Soon, "the node builds");

        node.OnBuildGolden = null;
        await first.StopAsync(Cluster.Token);
        Assert.Equal(TemplatePhase.Pending, (await ReadAsync(cluster)).Phase);
        await cluster.AddSchedulerAsync(("Scheduler:BuildAbandoned", "00:05:00"));
        await BecomesAsync(cluster, TemplatePhase.Ready);
    }

    [Fact]
    public async Task Building_AppliedAnewMeanwhile_OldResultIsDropped()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.OnBuildGolden = async (request, _) =>
        {
            if (request.TemplateUid == "new")
            {
                return new() { Built = true, Snapshot = "new" };
            }

            await finish.Task;
            return new() { Built = true, Snapshot = "old" };
        };
        await PutAsync(cluster, TemplatePhase.Pending);
        await Eventually.TrueAsync(() => !node.Calls.IsEmpty, Cluster.Soon, "the old one is being built");
        while (await cluster.Templates.GetAsync(Key) is { } read
            && !await cluster.Templates.SwapAsync(read.Version, read.Value with { Uid = "new", Phase = TemplatePhase.Pending }))
        {
        }

        Assert.Equal("new", (await BecomesAsync(cluster, TemplatePhase.Ready)).GoldenSnapshot);
        finish.SetResult();
        await cluster.AddNodeAsync("n2");
        Assert.Equal("new", (await ReadAsync(cluster)).GoldenSnapshot);
    }

    private static Task<bool> PutAsync(Cluster cluster, TemplatePhase phase) => cluster.Templates.SwapAsync(
        0, new() { Key = Key, Uid = "old", Phase = phase, Spec = new() { Container = new() { Name = "c", Image = "oci:/i" } } });

    private static async Task<TemplateRecord> ReadAsync(Cluster cluster) => (await cluster.Templates.GetAsync(Key))!.Value;

    private static async Task<TemplateRecord> BecomesAsync(Cluster cluster, TemplatePhase phase)
    {
        await Eventually.TrueAsync(async () => (await ReadAsync(cluster)).Phase == phase, Cluster.Soon, $"the template becomes {phase}");
        return await ReadAsync(cluster);
    }
}
