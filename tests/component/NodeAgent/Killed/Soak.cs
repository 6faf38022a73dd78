using System.Globalization;
using Grpc.Core;
using Substrate.NodeAgent.ComponentTests.Actors;
using Substrate.NodeAgent.V1;
using Substrate.State.Actors;
using Substrate.TestSupport.Polling;

namespace Substrate.NodeAgent.ComponentTests.Killed;

/// <summary>
/// Random operations on a real agent with real sandboxes, all drawn from one seed. After each, the record, the node and the actor's own
/// memory are compared with a model of what the design says, and the agent's counters with what was done to it.
/// </summary>
internal sealed class Soak(AgentProcess agent, SoakActor[] actors, int slots, Random random)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(40);
    private static readonly string[] SuspensionPoints = ["Begun", "Quiet", "Checkpointed", "Kept", "Committed"];
    private static readonly string[] ActivationPoints = ["Admitted", "Restored", "Published"];

    private readonly List<string> _done = [];
    private int _lost;
    private int _adopted;

    /// <summary>What was done so far, for the message of a failure.</summary>
    public string Story => string.Join('\n', _done.TakeLast(25));

    /// <summary>One operation and the comparison after it.</summary>
    public async Task StepAsync()
    {
        var actor = actors[random.Next(actors.Length)];
        var draw = random.Next(100);
        var (name, work) = (actor.Running, draw) switch
        {
            (_, < 4) => ("kill -9 of the agent", KillAsync()),
            (false, < 20) => Named(ActivationPoints, point => DieActivatingAsync(actor, point)),
            (false, _) => ("activate", ActivateAsync(actor)),
            (true, < 16) => Named(SuspensionPoints, point => DieSuspendingAsync(actor, point)),
            (true, < 28) => ("crash", CrashAsync(actor)),
            (true, < 45) => ("wake during suspend", WakeAsync(actor)),
            (true, < 65) => ("suspend", SuspendAsync(actor, pause: false)),
            (true, < 85) => ("pause", SuspendAsync(actor, pause: true)),
            _ => ("request", CountAsync(actor)),
        };
        _done.Add($"{_done.Count} {actor.Key.Name}: {name}");
        await work;
        await CompareAsync();
    }

    private (string, Task) Named(string[] points, Func<string, Task> work)
    {
        var point = points[random.Next(points.Length)];
        return ($"kill at {point}", work(point));
    }

    private async Task ActivateAsync(SoakActor actor)
    {
        var full = actors.Count(static a => a.Running) == slots;
        var reply = await agent.ActivateAsync(actor.Key);
        Assert.Equal(("", ActivateReply.Types.Outcome.Running), (reply.Reason, reply.Outcome));
        actor.Running = true;
        if (full)
        {
            await FindEvictedAsync();
        }

        await CountAsync(actor);
    }

    private async Task FindEvictedAsync()
    {
        foreach (var other in actors.Where(static a => a.Running))
        {
            if ((await RecordAsync(other)).State == ActorState.Paused)
            {
                other.Rest();
            }
        }

        Assert.Equal(slots, actors.Count(static a => a.Running));
    }

    private async Task CountAsync(SoakActor actor)
    {
        var count = await NodeFixture.CountAsync((await RecordAsync(actor)).Endpoint);
        actor.Count++;
        Assert.Equal((actor.Key.Name, actor.Count, actor.Count), (count.Actor, count.Memory, count.File));
    }

    private async Task SuspendAsync(SoakActor actor, bool pause)
    {
        var reply = await agent.SuspendAsync(actor.Key, pause);
        Assert.Equal(("", SuspendReply.Types.Outcome.Done), (reply.Reason, reply.Outcome));
        actor.Rest();
    }

    // Whether it is called off or comes back at once: it runs, with everything it had.
    private async Task WakeAsync(SoakActor actor)
    {
        var epoch = (await RecordAsync(actor)).Epoch;
        var suspension = agent.SuspendAsync(actor.Key);
        await Eventually.TrueAsync(async () => (await RecordAsync(actor)).State != ActorState.Running, Soon, "the suspension has begun");
        await agent.Actors.WakeAsync(actor.Key);
        await agent.WakeAsync(actor.Key, epoch);
        var reply = await suspension;
        if (reply.Outcome == SuspendReply.Types.Outcome.Done)
        {
            actor.Rest();
            await Eventually.TrueAsync(
                async () => (await RecordAsync(actor)) is { State: ActorState.Running } or { WakeWanted: false, State: ActorState.Paused }, Soon, "it is back, or nobody waited");
        }

        actor.Running = (await RecordAsync(actor)).State == ActorState.Running;
    }

    private async Task CrashAsync(SoakActor actor)
    {
        var endpoint = (await RecordAsync(actor)).Endpoint;
        var owner = Directory.GetDirectories($"/run/substrate/{agent.Id}/sandboxes")
            .Single(d => File.Exists(Path.Combine(d, "owner.json")) && File.ReadAllText(Path.Combine(d, "owner.json")) is var text
                && text.Contains($"\"{actor.Key.Name}\"", StringComparison.Ordinal) && text.Contains(endpoint, StringComparison.Ordinal));
        using var process = System.Diagnostics.Process.GetProcessById(int.Parse(File.ReadAllText(Path.Combine(owner, "pid")), CultureInfo.InvariantCulture));
        process.Kill();
        await Eventually.TrueAsync(async () => (await RecordAsync(actor)).State is ActorState.Paused or ActorState.Suspended, Soon, "the crash is seen");
        Assert.Contains("signal 9", (await RecordAsync(actor)).Reason, StringComparison.Ordinal);
        actor.Fall();
        _lost++;
    }

    private async Task KillAsync()
    {
        await agent.KillAsync();
        await AgainAsync();
    }

    private async Task DieSuspendingAsync(SoakActor actor, string point)
    {
        agent.EndAt(point);
        await Assert.ThrowsAsync<RpcException>(() => agent.SuspendAsync(actor.Key));
        await agent.EndedAsync();
        if (point is not ("Begun" or "Quiet"))
        {
            actor.Rest();
        }

        await AgainAsync();
    }

    private async Task DieActivatingAsync(SoakActor actor, string point)
    {
        var full = actors.Count(static a => a.Running) == slots;
        agent.EndAt(point);
        await Assert.ThrowsAsync<RpcException>(() => agent.ActivateAsync(actor.Key));
        await agent.EndedAsync();
        actor.Running = point == "Published";
        if (full)
        {
            foreach (var other in actors.Where(a => a != actor && a.Running))
            {
                if ((await RecordAsync(other)).State == ActorState.Paused)
                {
                    other.Rest();
                }
            }
        }

        await AgainAsync();
    }

    // The next run takes over all that ran and nothing else; its counters begin anew.
    private async Task AgainAsync()
    {
        await agent.StartAgainAsync();
        (_lost, _adopted) = (0, actors.Count(static a => a.Running));
    }

    private async Task CompareAsync()
    {
        foreach (var actor in actors)
        {
            var record = await RecordAsync(actor);
            Assert.Equal((actor.Key.Name, actor.Running), (record.Key.Name, record.State == ActorState.Running));
            Assert.True(actor.Running || record.State is ActorState.Paused or ActorState.Suspended, $"{actor.Key}: {record.State}");
        }

        var here = (await agent.ListAsync()).Sandboxes.Select(static s => s.Actor.Name).Order(StringComparer.Ordinal);
        Assert.Equal(actors.Where(static a => a.Running).Select(static a => a.Key.Name).Order(StringComparer.Ordinal), here);
        Assert.Equal(_lost, await agent.MetricAsync("substrate_node_actors_lost_total"));
        Assert.Equal(_adopted, await agent.MetricAsync("substrate_node_adopted_total"));
    }

    private async Task<ActorRecord> RecordAsync(SoakActor actor) => (await agent.Actors.GetAsync(actor.Key))!;
}
