using Grpc.Core;
using Substrate.Admin.V1;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.TestSupport.Polling;
using static Substrate.Admin.V1.WatchActorsEvent.Types.Type;

namespace Substrate.Scheduler.ComponentTests.Api;

public sealed class QueriesTests
{
    [Fact]
    public async Task FindActors_ByStateNodeAndLabel_PagesWithTokensOfThatQueryOnly()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await cluster.CreateAsync(name);
        }

        await node.RunAsync(new("demo", "b"));
        await node.RunAsync(new("demo", "d"));
        await cluster.Admin.LabelActorAsync(new() { Atespace = "demo", Name = "c", Labels = { ["team"] = "x" } });

        Assert.Equal(["b", "d"], await NamesAsync(cluster, new() { States = { "RUNNING" } }));
        Assert.Equal(["b", "d"], await NamesAsync(cluster, new() { Node = "n1", TemplateNamespace = "demo", TemplateName = "counter" }));
        Assert.Equal(["c"], await NamesAsync(cluster, new() { Labels = { ["team"] = "x" } }));
        Assert.Equal(["a", "c"], await NamesAsync(cluster, new() { Atespace = "demo", States = { "STATUS_SUSPENDED", "paused" } }));

        var first = await cluster.Admin.FindActorsAsync(new() { States = { "RUNNING" }, PageSize = 1 });
        await ControlTests.ThrowsAsync(
            () => cluster.Admin.FindActorsAsync(new() { States = { "PAUSED" }, PageToken = first.NextPageToken }).ResponseAsync,
            StatusCode.InvalidArgument, "invalid page token: it belongs to a listing of something else");
        await ControlTests.ThrowsAsync(
            () => cluster.Admin.FindActorsAsync(new() { States = { "ASLEEP\u0007" } }).ResponseAsync,
            StatusCode.InvalidArgument, "states: \"ASLEEP\ufffd\" must be one of RESUMING, RUNNING, SUSPENDING, SUSPENDED, PAUSING, PAUSED");
    }

    [Fact]
    public async Task WatchActors_ResumedAfterALostConnection_MissesNothing()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await cluster.CreateAsync("a");
        string token;
        using (var call = cluster.Admin.WatchActors(new() { Atespace = "demo" }))
        {
            Assert.Equal((Actor, "a"), await NextAsync(call));
            Assert.Equal((Bookmark, ""), await NextAsync(call));
            await cluster.CreateAsync("b");
            Assert.Equal((Actor, "b"), await NextAsync(call));
            await NextAsync(call);
            token = call.ResponseStream.Current.ResumeToken;
        }

        // While nobody watches: one is made, one changes twice, one is gone.
        await cluster.CreateAsync("c");
        await cluster.Admin.LabelActorAsync(new() { Atespace = "demo", Name = "a", Labels = { ["x"] = "1" } });
        await cluster.Admin.LabelActorAsync(new() { Atespace = "demo", Name = "a", Labels = { ["x"] = "2" } });
        await cluster.Control.DeleteActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "b" } });
        using var again = cluster.Admin.WatchActors(new() { Atespace = "demo", ResumeToken = token });
        (WatchActorsEvent.Types.Type, string)[] missed = [await NextAsync(again), await NextAsync(again), await NextAsync(again)];
        Assert.Equal([(Actor, "a"), (Deleted, "b"), (Actor, "c")], missed.OrderBy(static m => m.Item2, StringComparer.Ordinal));
        Assert.Equal((Bookmark, ""), await NextAsync(again));

        await RefusedAsync(cluster, new() { ResumeToken = token }, StatusCode.InvalidArgument, "invalid resume_token: it belongs to a watch of something else");
        await RefusedAsync(cluster, new() { Atespace = "demo", ResumeToken = "x" + token[1..] + "y" }, StatusCode.InvalidArgument, "invalid resume_token");
    }

    [Fact]
    public async Task WatchActors_TheLogNoLongerGoesBackThatFar_SaysSo()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        string token;
        using (var call = cluster.Admin.WatchActors(new()))
        {
            await NextAsync(call);
            token = call.ResponseStream.Current.ResumeToken;
        }

        await cluster.CreateAsync("a");
        await cluster.Redis.GetDatabase().HashSetAsync(State.Storage.Keys.ChangeCounters(State.Storage.Keys.RecordShard(new("demo", "a"))), "floor", 1);
        await RefusedAsync(cluster, new() { ResumeToken = token }, StatusCode.OutOfRange, "the changes since then are no longer known: begin again without resume_token");
    }

    [Fact]
    public async Task ExplainActor_AtRestAndLive_SaysWhereAndWhy()
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        await cluster.CreateAsync("a");

        var rest = await cluster.Admin.ExplainActorAsync(new() { Atespace = "demo", Name = "a" });
        Assert.Equal(("STATUS_SUSPENDED", "no request has asked for it yet", "n1", "Room"), (rest.State, rest.Why, rest.Node, rest.Placement));
        Assert.True(Assert.Single(rest.Nodes).Eligible);

        await cluster.Control.UpdateActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" }, WorkerSelector = new() { MatchLabels = { ["zone"] = "b" } } });
        var nowhere = await cluster.Admin.ExplainActorAsync(new() { Atespace = "demo", Name = "a" });
        Assert.Equal(("NoMatch", ""), (nowhere.Placement, nowhere.Node));
        Assert.Equal("it does not bear zone=b, which the actor selects", Assert.Single(nowhere.Nodes).Reason);

        await node.RunAsync(await cluster.CreateAsync("r"));
        Assert.Equal("it runs on node n1", (await cluster.Admin.ExplainActorAsync(new() { Atespace = "demo", Name = "r" })).Why);
        await ControlTests.ThrowsAsync(() => cluster.Admin.ExplainActorAsync(new() { Atespace = "demo", Name = "x" }).ResponseAsync, StatusCode.NotFound, "Actor x not found");
    }

    [Fact]
    public async Task AtespaceSettings_SetAndMet_AreKeptAndNamed()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        var admin = cluster.Admin;
        var set = await admin.SetAtespaceSettingsAsync(new() { Name = "demo", Settings = new() { MaxActors = 1, Labels = { ["team"] = "a" }, PauseAfter = "90s" } });
        await cluster.Control.CreateActorAsync(Create("a"));
        await ControlTests.ThrowsAsync(
            () => cluster.Control.CreateActorAsync(Create("b")).ResponseAsync, StatusCode.ResourceExhausted, "Atespace demo is over its quota: actors is limited to 1, 1 in use");

        var got = await admin.GetAtespaceSettingsAsync(new() { Name = "demo" });
        Assert.Equal((1L, set.Version, "a", "90s", "10m"), (got.Actors, got.Version, got.Settings.Labels["team"], got.Settings.PauseAfter, got.Settings.SuspendAfter));
        await ControlTests.ThrowsAsync(
            () => admin.SetAtespaceSettingsAsync(new() { Name = "demo", Settings = new(), Version = set.Version + 5 }).ResponseAsync, StatusCode.Aborted, "concurrent update conflict, please retry");
        foreach (var (settings, message) in new (AtespaceSettings, string)[]
        {
            (new() { MaxRunning = -1 }, "max_running -1 must be 0, for no limit, or more"),
            (new() { PauseAfter = "soon" }, "pause_after \"soon\" must be a duration such as 500ms, 30s, 10m or 2h, or 0 or never"),
            (new() { AutoCreateTemplate = "counter" }, "auto_create_template \"counter\" must be namespace/name of a template"),
            (new() { AutoCreateTemplate = "demo/counter" }, "auto_create_template needs max_actors above 0: requests could otherwise create actors without end"),
        })
        {
            await ControlTests.ThrowsAsync(() => admin.SetAtespaceSettingsAsync(new() { Name = "demo", Settings = settings }).ResponseAsync, StatusCode.InvalidArgument, message);
        }
    }

    [Fact]
    public async Task DeleteTemplate_WithAndWithoutActors_NeverLeavesOneBehind()
    {
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddSchedulerAsync();
        await cluster.Control.CreateActorAsync(Create("a"));
        var request = new DeleteTemplateRequest { Namespace = "demo", Name = "counter" };
        await ControlTests.ThrowsAsync(() => cluster.Admin.DeleteTemplateAsync(request).ResponseAsync, StatusCode.FailedPrecondition, "ActorTemplate demo/counter has actors, for instance demo/a");
        await cluster.Control.DeleteActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "a" } });

        await cluster.Admin.DeleteTemplateAsync(request);
        await ControlTests.ThrowsAsync(() => cluster.Admin.DeleteTemplateAsync(request).ResponseAsync, StatusCode.NotFound, "ActorTemplate demo/counter not found");
        await ControlTests.ThrowsAsync(() => cluster.Control.CreateActorAsync(Create("a")).ResponseAsync, StatusCode.FailedPrecondition, "ActorTemplate demo/counter not found");
    }

    [Fact]
    public async Task Timer_Due_WakesItsActorOnceAndGoes()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;
        var key = await cluster.CreateAsync("a");
        var timer = new Admin.V1.Timer { Atespace = "demo", Actor = "a", Name = "t" };
        async Task RefusedAsync(Action<Admin.V1.Timer> change, string message)
        {
            var wrong = timer.Clone();
            change(wrong);
            await ControlTests.ThrowsAsync(() => cluster.Admin.SetTimerAsync(new() { Timer = wrong }).ResponseAsync, StatusCode.InvalidArgument, message);
        }

        await RefusedAsync(static _ => { }, "exactly one of at and cron is required");
        await RefusedAsync(static t => t.At = "tomorrow", "at \"tomorrow\" must be a time such as 2030-01-31T08:00:00Z");
        await RefusedAsync(static t => (t.Cron, t.TimeZone) = ("0 7 * * *", "Mars/Base"), "time_zone \"Mars/Base\" must be the name of a time zone such as Europe/Berlin");
        await RefusedAsync(static t => t.Name = "T", "invalid name \"T\": must start and end with a lower case alphanumeric character, and consist only of lower case alphanumeric characters or '-'");

        timer.Cron = "0 0 1 1 *";
        Assert.EndsWith("-01-01T00:00:00.000Z", (await cluster.Admin.SetTimerAsync(new() { Timer = timer })).Timer.Next, StringComparison.Ordinal);
        (timer.Cron, timer.At, timer.Name) = ("", "2020-01-01T00:00:00Z", "missed");
        await cluster.Admin.SetTimerAsync(new() { Timer = timer });
        await cluster.BecomesAsync(key, State.Actors.ActorState.Running);
        await Eventually.TrueAsync(async () => (await cluster.Admin.ListTimersAsync(new() { Atespace = "demo" })).Timers.Count == 1, Cluster.Soon, "the timer that is done is gone");
        await cluster.Admin.DeleteTimerAsync(new() { Atespace = "demo", Actor = "a", Name = "t" });
        await ControlTests.ThrowsAsync(
            () => cluster.Admin.DeleteTimerAsync(new() { Atespace = "demo", Actor = "a", Name = "t" }).ResponseAsync, StatusCode.NotFound, "Timer t of actor a not found");
    }

    [Fact]
    public async Task NodesPoolsAndStatistics_Show_WhatIsThere()
    {
        var (cluster, _) = await Cluster.OneNodeAsync();
        await using var __ = cluster;
        await cluster.CreateAsync("a");
        Assert.Equal(("n1", "pool-a", true), (await cluster.Admin.ListNodesAsync(new())).Nodes.Select(static n => (n.Id, n.Pool, n.Live)).Single());
        Assert.Equal(("pool-a", 1, 4), (await cluster.Admin.ListPoolsAsync(new())).Pools.Select(static p => (p.Name, p.Nodes, p.Slots)).Single());
        var numbers = await cluster.Admin.GetStatisticsAsync(new());
        Assert.Equal((1L, 1L, 1L, 1), (numbers.Atespaces, numbers.Actors, numbers.Templates, numbers.Nodes));
        await ControlTests.ThrowsAsync(() => cluster.Admin.GetNodeAsync(new() { Id = "n2" }).ResponseAsync, StatusCode.NotFound, "Node n2 not found");

        using var watch = cluster.Admin.WatchNodes(new());
        Assert.True(await watch.ResponseStream.MoveNext(Cluster.Token));
        Assert.Equal("n1", watch.ResponseStream.Current.Node.Id);
        Assert.True(await watch.ResponseStream.MoveNext(Cluster.Token));
        await cluster.AddNodeAsync("n2");
        while (watch.ResponseStream.Current.Node?.Id != "n2")
        {
            Assert.True(await watch.ResponseStream.MoveNext(Cluster.Token));
        }
    }

    private static AteApi.CreateActorRequest Create(string name) =>
        new() { ActorRef = new() { Atespace = "demo", Name = name }, ActorTemplateNamespace = "demo", ActorTemplateName = "counter" };

    private static async Task<IEnumerable<string>> NamesAsync(Cluster cluster, FindActorsRequest request)
    {
        var names = new List<string>();
        request.PageSize = 1;
        do
        {
            var page = await cluster.Admin.FindActorsAsync(request);
            names.AddRange(page.Actors.Select(static a => a.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return names;
    }

    private static async Task<(WatchActorsEvent.Types.Type, string)> NextAsync(AsyncServerStreamingCall<WatchActorsEvent> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(Cluster.Token));
        return (call.ResponseStream.Current.Type, call.ResponseStream.Current.Actor?.Name ?? "");
    }

    private static async Task RefusedAsync(Cluster cluster, WatchActorsRequest request, StatusCode code, string message)
    {
        using var call = cluster.Admin.WatchActors(request);
        await ControlTests.ThrowsAsync(() => call.ResponseStream.MoveNext(Cluster.Token), code, message);
    }
}
