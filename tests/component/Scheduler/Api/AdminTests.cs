using System.Text;
using Grpc.Core;
using Substrate.Admin.V1;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Api;

public sealed class AdminTests
{
    private const string Manifest = "apiVersion: ate.dev/v1alpha1\nkind: ActorTemplate\nmetadata: {namespace: demo, name: NAME}\nspec:\n  containers:\n    - name: c\n      image: oci:images/x\n      command: [a]\n";

    [Fact]
    public async Task Apply_New_IsCreatedThenUnchangedThenImmutable()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();

        var created = Assert.Single((await ApplyAsync(cluster, "x")).Templates);
        Assert.Equal(("created", "Pending", "oci:/base/images/x"), (created.Result, created.Template.Phase, created.Template.Image));
        Assert.Equal("unchanged", Assert.Single((await ApplyAsync(cluster, "x")).Templates).Result);
        await ControlTests.ThrowsAsync(
            () => ApplyAsync(cluster, "x", "[b]"), StatusCode.FailedPrecondition,
            "ActorTemplate demo/x: Spec is immutable (spec.containers[0].command[0] differs); apply it under another name");
    }

    [Fact]
    public async Task Apply_Invalid_ListsTheProblemsAndAppliesNothing()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var text = Manifest.Replace("NAME", "good", StringComparison.Ordinal) + "---\n" + Manifest.Replace("NAME", "bad", StringComparison.Ordinal).Replace("oci:images/x", "NGINX", StringComparison.Ordinal) + "  foo: 1\n";

        var error = await Assert.ThrowsAsync<RpcException>(() => cluster.Admin.ApplyAsync(new() { Manifest = text, Source = "all.yaml", BaseDirectory = "/base" }).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var lines = error.Status.Detail.Split('\n');
        Assert.StartsWith("all.yaml:16: spec.containers[0].image: NGINX must have one of the forms", lines[0], StringComparison.Ordinal);
        Assert.Equal("all.yaml:18: spec.foo: is not a known field", lines[1]);
        Assert.DoesNotContain((await cluster.Admin.ListTemplatesAsync(new())).Templates, static t => t.Name == "good");
    }

    [Fact]
    public async Task Apply_SecondDocumentImmutable_AppliesNothing()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await ApplyAsync(cluster, "x");
        var text = Manifest.Replace("NAME", "new", StringComparison.Ordinal) + "---\n" + Manifest.Replace("NAME", "x", StringComparison.Ordinal).Replace("[a]", "[b]", StringComparison.Ordinal);

        await Assert.ThrowsAsync<RpcException>(() => cluster.Admin.ApplyAsync(new() { Manifest = text, BaseDirectory = "/base" }).ResponseAsync);

        await ControlTests.ThrowsAsync(
            () => cluster.Admin.GetTemplateAsync(new() { Namespace = "demo", Name = "new" }).ResponseAsync, StatusCode.NotFound, "ActorTemplate demo/new not found");
    }

    [Fact]
    public async Task Apply_FailedTemplate_IsTriedAnew()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await ApplyAsync(cluster, "x");
        var key = new TemplateKey("demo", "x");
        async Task<string> FailAsync()
        {
            var read = (await cluster.Templates.GetAsync(key))!;
            await cluster.Templates.SwapAsync(read.Version, read.Value with { Phase = TemplatePhase.Failed, Reason = "exit 1" });
            return read.Value.Uid;
        }

        var before = await FailAsync();
        var same = Assert.Single((await ApplyAsync(cluster, "x")).Templates);
        Assert.Equal(("unchanged", "Pending", ""), (same.Result, same.Template.Phase, same.Template.Reason));
        Assert.NotEqual(before, (await cluster.Templates.GetAsync(key))!.Value.Uid);

        await FailAsync();
        var changed = Assert.Single((await ApplyAsync(cluster, "x", "[b]")).Templates);
        Assert.Equal(("configured", "Pending"), (changed.Result, changed.Template.Phase));
    }

    [Fact]
    public async Task Logs_RunningThenPausedThenNeverRun_ComeFromTheNodeThatHasThem()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await Eventually.TrueAsync(async () => (await cluster.Control.ListWorkersAsync(new())).Workers.Count == 4, Cluster.Soon, "the node is known");
        await ControlTests.ThrowsAsync(() => LogsAsync(cluster, "a"), StatusCode.NotFound, "Actor a not found");
        await node.RunAsync(await cluster.CreateAsync("a"));
        Assert.Equal("n1 7 a", await LogsAsync(cluster, "a"));
        await cluster.Control.PauseActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } });
        Assert.Equal("n1 7 a", await LogsAsync(cluster, "a"));
        await cluster.CreateAsync("b");
        await ControlTests.ThrowsAsync(() => LogsAsync(cluster, "b"), StatusCode.FailedPrecondition, "Actor b has not run yet, so there is no output");
    }

    [Fact]
    public async Task DescribeActor_Paused_ShowsWhereItsStateIs()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await node.RunAsync(await cluster.CreateAsync("a"));
        await cluster.Control.PauseActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } });

        var shown = await cluster.Admin.DescribeActorAsync(new() { Atespace = "demo", Name = "a" });

        Assert.Equal(("", true, 1000L), (shown.Node, shown.OnOneNodeOnly, shown.SnapshotBytes));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", shown.UpdatedAt);
    }

    private static async Task<ApplyResponse> ApplyAsync(Cluster cluster, string name, string command = "[a]") => await cluster.Admin.ApplyAsync(
        new() { Manifest = Manifest.Replace("NAME", name, StringComparison.Ordinal).Replace("[a]", command, StringComparison.Ordinal), Source = "f.yaml", BaseDirectory = "/base" });

    private static async Task<string> LogsAsync(Cluster cluster, string name)
    {
        using var call = cluster.Admin.Logs(new() { Atespace = "demo", Name = name, TailBytes = 7 }, cancellationToken: Cluster.Token);
        var text = new StringBuilder();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync(Cluster.Token))
        {
            text.Append(chunk.Data.ToStringUtf8());
        }

        return text.ToString();
    }
}
