using Grpc.Core;
using Substrate.AteApi;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Api;

public sealed class ControlTests
{
    private static readonly CreateActorRequest Alice = new()
    {
        ActorRef = new() { Atespace = "demo", Name = "alice" },
        ActorTemplateNamespace = "demo",
        ActorTemplateName = "counter",
    };

    [Fact]
    public async Task CreateActor_ThroughItsLife_ShowsWhatClientsKnow()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var request = Alice.Clone();
        request.WorkerSelector = new() { MatchLabels = { ["zone"] = "a" } };

        var created = (await cluster.Control.CreateActorAsync(request, cancellationToken: Cluster.Token)).Actor;
        Assert.Equal(("alice", "demo", 1L, Actor.Types.Status.Suspended), (created.ActorId, created.Atespace, created.Version, created.Status));
        Assert.Equal("a", created.WorkerSelector.MatchLabels["zone"]);
        Assert.Null(created.LatestSnapshotInfo);

        await cluster.Control.UpdateActorAsync(new() { ActorRef = Alice.ActorRef }, cancellationToken: Cluster.Token);
        var running = (await cluster.Control.ResumeActorAsync(new() { ActorRef = Alice.ActorRef, Boot = true }, cancellationToken: Cluster.Token)).Actor;
        Assert.Equal(("substrate", "n1", "127.0.0.1", "pool-a"), (running.AteomPodNamespace, running.AteomPodName, running.AteomPodIp, running.WorkerPoolName));
        Assert.Null(running.WorkerSelector);
        Assert.Contains("activate boot", node.Calls);

        var workers = (await cluster.Control.ListWorkersAsync(new(), cancellationToken: Cluster.Token)).Workers;
        Assert.Equal(4, workers.Count);
        Assert.Equal(("alice", "demo", "demo", "counter", "n1-0"), (workers[0].ActorId, workers[0].ActorAtespace, workers[0].ActorNamespace, workers[0].ActorTemplate, workers[0].WorkerPod));
        Assert.All(workers.Skip(1), static w => Assert.Equal("", w.ActorId));

        var paused = (await cluster.Control.PauseActorAsync(new() { ActorRef = Alice.ActorRef }, cancellationToken: Cluster.Token)).Actor;
        Assert.Equal((SnapshotType.Local, "n1"), (paused.LatestSnapshotInfo.Type, paused.LatestSnapshotInfo.Local.NodeVmsWithLocalSnapshots.Single()));

        var suspended = (await cluster.Control.SuspendActorAsync(new() { ActorRef = Alice.ActorRef }, cancellationToken: Cluster.Token)).Actor;
        Assert.Equal(SnapshotType.External, suspended.LatestSnapshotInfo.Type);
        Assert.StartsWith("store:demo/alice/", suspended.LatestSnapshotInfo.External.SnapshotUriPrefix, StringComparison.Ordinal);

        var snapshot = (await cluster.Actors.GetAsync(new("demo", "alice")))!.Snapshot!.Id;
        await cluster.Control.DeleteActorAsync(new() { ActorRef = Alice.ActorRef }, cancellationToken: Cluster.Token);
        Assert.Contains(node.Calls, call => call.StartsWith("discard ", StringComparison.Ordinal) && call.Contains(snapshot, StringComparison.Ordinal));
        await ThrowsAsync(() => cluster.Control.GetActorAsync(new() { ActorRef = Alice.ActorRef }).ResponseAsync, StatusCode.NotFound, "Actor alice not found");
    }

    [Fact]
    public async Task Calls_BadInput_GiveTheKnownMessages()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var control = cluster.Control;
        Task CreateAsync(Action<CreateActorRequest> change, StatusCode code, string message)
        {
            var request = Alice.Clone();
            change(request);
            return ThrowsAsync(() => control.CreateActorAsync(request).ResponseAsync, code, message);
        }

        await CreateAsync(static r => r.ActorTemplateNamespace = "", StatusCode.InvalidArgument, "actor_template_namespace is required");
        await CreateAsync(static r => r.ActorTemplateName = "", StatusCode.InvalidArgument, "actor_template_name is required");
        await CreateAsync(static r => r.ActorRef = null, StatusCode.InvalidArgument, "actor_id is required");
        await CreateAsync(static r => r.ActorRef.Atespace = "", StatusCode.InvalidArgument, "atespace is required");
        await CreateAsync(static r => r.ActorTemplateName = "nix", StatusCode.FailedPrecondition, "ActorTemplate demo/nix not found");
        await CreateAsync(static r => r.ActorTemplateName = "a/../b", StatusCode.FailedPrecondition, "ActorTemplate demo/a/../b not found");
        await CreateAsync(static r => r.ActorRef.Atespace = "nix", StatusCode.FailedPrecondition, "Atespace nix not found");
        await control.CreateActorAsync(Alice);
        await CreateAsync(static _ => { }, StatusCode.AlreadyExists, "Actor alice already exists");

        await ThrowsAsync(() => control.GetActorAsync(new()).ResponseAsync, StatusCode.InvalidArgument, "id is required");
        await ThrowsAsync(() => control.DeleteActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "bob" } }).ResponseAsync, StatusCode.NotFound, "Actor bob not found");
        await ThrowsAsync(() => control.UpdateActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "bob" } }).ResponseAsync, StatusCode.NotFound, "Actor bob not found");
        await ThrowsAsync(() => control.SuspendActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "bob" } }).ResponseAsync, StatusCode.NotFound, "Actor bob not found");
        await ThrowsAsync(() => control.ResumeActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "bob" } }).ResponseAsync, StatusCode.NotFound, "Actor bob not found");
        await ThrowsAsync(() => control.DebugClearAsync(new()).ResponseAsync, StatusCode.FailedPrecondition, "DebugClear is not enabled on this server");
    }

    [Fact]
    public async Task Atespaces_ThroughTheirLife_GiveTheKnownMessages()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var control = cluster.Control;

        Assert.Equal("b", (await control.CreateAtespaceAsync(new() { Name = "b" })).Atespace.Name);
        await ThrowsAsync(() => control.CreateAtespaceAsync(new() { Name = "b" }).ResponseAsync, StatusCode.AlreadyExists, "Atespace b already exists");
        Assert.Equal(["b", "demo"], (await control.ListAtespacesAsync(new())).Atespaces.Select(static a => a.Name));
        await control.CreateActorAsync(Alice);
        await ThrowsAsync(() => control.DeleteAtespaceAsync(new() { Name = "demo" }).ResponseAsync, StatusCode.FailedPrecondition, "Atespace demo is not empty");
        await control.DeleteAtespaceAsync(new() { Name = "b" });
        await ThrowsAsync(() => control.DeleteAtespaceAsync(new() { Name = "b" }).ResponseAsync, StatusCode.NotFound, "Atespace b not found");
        await ThrowsAsync(() => control.GetAtespaceAsync(new() { Name = "b" }).ResponseAsync, StatusCode.NotFound, "Atespace b not found");
        await ThrowsAsync(() => control.CreateAtespaceAsync(new()).ResponseAsync, StatusCode.InvalidArgument, "name is required");
    }

    [Fact]
    public async Task ListActors_Pages_AreExactAndInOrder()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await cluster.Control.CreateAtespaceAsync(new() { Name = "a" });
        foreach (var i in Enumerable.Range(0, 25))
        {
            await cluster.Control.CreateActorAsync(new() { ActorRef = new() { Atespace = i % 3 == 0 ? "a" : "demo", Name = $"x{i}" }, ActorTemplateNamespace = "demo", ActorTemplateName = "counter" });
        }

        foreach (var (atespace, size, total) in new[] { ("", 4, 25), ("", 25, 25), ("", 0, 25), ("a", 3, 9), ("a", 9, 9), ("demo", 5, 16) })
        {
            var (found, token) = (new List<string>(), "");
            do
            {
                var page = await cluster.Control.ListActorsAsync(new() { Atespace = atespace, PageSize = size, PageToken = token });
                Assert.InRange(page.Actors.Count, 1, size == 0 ? 1000 : size);
                found.AddRange(page.Actors.Select(static a => $"{a.Atespace}/{a.ActorId}"));
                token = page.NextPageToken;
            }
            while (token.Length > 0);

            Assert.Equal(total, found.Count);
            Assert.Equal(found.Order(StringComparer.Ordinal), found);
        }

        var first = await cluster.Control.ListActorsAsync(new() { PageSize = 1 });
        await ThrowsAsync(
            () => cluster.Control.ListActorsAsync(new() { Atespace = "a", PageToken = first.NextPageToken }).ResponseAsync,
            StatusCode.InvalidArgument, "invalid page token: it belongs to a listing of something else");
        await ThrowsAsync(() => cluster.Control.ListActorsAsync(new() { PageSize = 1001 }).ResponseAsync, StatusCode.InvalidArgument, "page_size 1001 exceeds maximum page size 1000");
        await ThrowsAsync(() => cluster.Control.ListActorsAsync(new() { PageToken = "%%" }).ResponseAsync, StatusCode.InvalidArgument, "invalid page token");
    }

    [Fact]
    public async Task Calls_GoodAndBad_CarryTheElapsedTrailer()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        using var good = cluster.Control.ListActorsAsync(new());
        await good;
        using var bad = cluster.Control.GetActorAsync(new());
        await Assert.ThrowsAsync<RpcException>(() => bad.ResponseAsync);

        Assert.True(long.Parse(good.GetTrailers().GetValue("x-server-elapsed-us")!, null) > 0);
        Assert.True(long.Parse(bad.GetTrailers().GetValue("x-server-elapsed-us")!, null) >= 0);
    }

    [Fact]
    public async Task SuspendActor_StaysBusy_FailsAtTheCallersDeadlineAndSaysWhy()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await node.RunAsync(await cluster.CreateAsync("a"));
        node.OnSuspend = static (_, _) => Task.FromResult<NodeAgent.V1.SuspendReply?>(new() { Outcome = NodeAgent.V1.SuspendReply.Types.Outcome.Busy, Reason = "2 requests in flight" });

        var error = await Assert.ThrowsAsync<RpcException>(
            () => cluster.Control.SuspendActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(3)).ResponseAsync);

        Assert.Equal((StatusCode.DeadlineExceeded, "Actor a was not suspended in time: it is busy: 2 requests in flight"), (error.StatusCode, error.Status.Detail));
        Assert.Equal(ActorState.Running, await cluster.StateAsync(new("demo", "a")));
    }

    [Fact]
    public async Task SuspendActor_CheckpointFails_SaysSoAndTheActorRuns()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await node.RunAsync(await cluster.CreateAsync("a"));
        node.OnSuspend = static (_, _) => Task.FromResult<NodeAgent.V1.SuspendReply?>(new() { Outcome = NodeAgent.V1.SuspendReply.Types.Outcome.Failed, Reason = "disk full" });

        await ThrowsAsync(
            () => cluster.Control.SuspendActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } }).ResponseAsync,
            StatusCode.Internal, "Actor a could not be suspended and keeps running: disk full");
    }

    [Fact]
    public async Task SuspendActor_PausedOnADeadNode_SaysWhereItsStateIs()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var key = await cluster.CreateAsync("a");
        await node.RunAsync(key);
        await cluster.Control.PauseActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } });
        await node.DieAsync();
        await Eventually.TrueAsync(async () => (await cluster.Control.ListWorkersAsync(new())).Workers.Count == 0, Cluster.Soon, "the node is dead");

        var error = await Assert.ThrowsAsync<RpcException>(() => cluster.Control.ResumeActorAsync(
            new() { ActorRef = new() { Atespace = "demo", Name = "a" } }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(2)).ResponseAsync);

        Assert.Equal(
            (StatusCode.FailedPrecondition, "Actor a has its newest state only on node n1, which is not alive (status: STATUS_PAUSED)"), (error.StatusCode, error.Status.Detail));
    }

    internal static async Task ThrowsAsync(Func<Task> call, StatusCode code, string message)
    {
        var error = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal((code, message), (error.StatusCode, error.Status.Detail));
    }
}
