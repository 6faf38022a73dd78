using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using static Substrate.NodeAgent.V1.PrepareImageReply.Types;

namespace Substrate.Scheduler.ComponentTests.Loops;

/// <summary>A template's image comes to a node before anything is started from it.</summary>
public sealed class ImagePullTests
{
    private static readonly TemplateKey Key = new("demo", "pulled");

    [Fact]
    public async Task Pull_ThatTakesTime_ShowsItsProgressAndFixesTheDigestBeforeTheBuild()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var seen = new TaskCompletionSource();
        node.OnPrepareImage = async (write, token) =>
        {
            await write(new() { Stage = Stage.Resolving });
            await write(new() { Stage = Stage.Pulling, Digest = "sha256:2", Bytes = 1_500_000, TotalBytes = 8_000_000 });
            await seen.Task.WaitAsync(token);
            await write(new() { Stage = Stage.Ready, Digest = "sha256:2" });
        };
        string? digestAtBuild = null;
        node.OnBuildGolden = async (_, _) =>
        {
            digestAtBuild = (await cluster.Templates.GetAsync(Key))!.Value.ImageDigest;
            return new() { Built = true, Snapshot = "g", ImageDigest = "sha256:2" };
        };
        await PutAsync(cluster);

        var pulling = await BecomesAsync(cluster, static t => t.Progress.Contains("pulling", StringComparison.Ordinal), "the progress is told");
        Assert.Equal(("pulling the image: 1.5 of 8.0 MB", "sha256:2", TemplatePhase.Building), (pulling.Progress, pulling.ImageDigest, pulling.Phase));
        seen.SetResult();

        var ready = await BecomesAsync(cluster, static t => t.Phase == TemplatePhase.Ready, "the template is ready");
        Assert.Equal(("sha256:2", ""), (digestAtBuild, ready.Progress));
    }

    [Fact]
    public async Task Pull_ThatFails_FailsTheTemplateWithTheReason()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        node.OnPrepareImage = static (write, _) => write(new() { Stage = Stage.Failed, Reason = "the registry demands a login" });
        await PutAsync(cluster);

        var failed = await BecomesAsync(cluster, static t => t.Phase == TemplatePhase.Failed, "the template has failed");
        Assert.Equal("the registry demands a login", failed.Reason);
        Assert.DoesNotContain("build", node.Calls);
    }

    [Fact]
    public async Task Pull_ThatMayPass_IsTriedAgainAndSaysWhyMeanwhile()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var away = true;
        node.OnPrepareImage = (write, _) => write(
            Volatile.Read(ref away) ? new() { Stage = Stage.Failed, Reason = "the registry cannot be reached", Retry = true } : new() { Stage = Stage.Ready, Digest = "sha256:3" });
        await PutAsync(cluster);

        await BecomesAsync(
            cluster, static t => t.Phase == TemplatePhase.Pending && t.Reason.Contains("cannot be reached", StringComparison.Ordinal), "the reason is told");
        Volatile.Write(ref away, false);

        var ready = await BecomesAsync(cluster, static t => t.Phase == TemplatePhase.Ready, "the template is ready");
        Assert.Equal("", ready.Reason);
    }

    private static Task<bool> PutAsync(Cluster cluster) => cluster.Templates.SwapAsync(0, new()
    {
        Key = Key,
        Uid = "uid",
        Spec = new() { Container = new() { Name = "c", Image = "docker://registry.example/a:v1" } },
    });

    private static async Task<TemplateRecord> BecomesAsync(Cluster cluster, Func<TemplateRecord, bool> condition, string what)
    {
        await Eventually.TrueAsync(async () => condition((await cluster.Templates.GetAsync(Key))!.Value), Cluster.Soon, what);
        return (await cluster.Templates.GetAsync(Key))!.Value;
    }
}
