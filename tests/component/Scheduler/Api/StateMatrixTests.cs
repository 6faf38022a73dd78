using Grpc.Core;
using Substrate.AteApi;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.State.Actors;

namespace Substrate.Scheduler.ComponentTests.Api;

/// <summary>Every pair of state and call, through a real client over TLS.</summary>
public sealed class StateMatrixTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    // The outcome is a state, or a code and its message. SUSPENDING and PAUSING end a moment after the call has begun.
    [Theory]
    [InlineData("Resume", "Suspended", "Running")]
    [InlineData("Resume", "Running", "Running")]
    [InlineData("Resume", "Resuming", "Running")]
    [InlineData("Resume", "Suspending", "Running")]
    [InlineData("Resume", "Pausing", "Running")]
    [InlineData("Resume", "Paused", "Running")]
    [InlineData("Suspend", "Suspended", "Suspended")]
    [InlineData("Suspend", "Resuming", "FailedPrecondition: Actor a cannot be suspended (status: STATUS_RESUMING)")]
    [InlineData("Suspend", "Running", "Suspended")]
    [InlineData("Suspend", "Suspending", "Suspended")]
    [InlineData("Suspend", "Pausing", "Suspended")]
    [InlineData("Suspend", "Paused", "Suspended")]
    [InlineData("Pause", "Suspended", "FailedPrecondition: Actor a cannot be paused (status: STATUS_SUSPENDED)")]
    [InlineData("Pause", "Resuming", "FailedPrecondition: Actor a cannot be paused (status: STATUS_RESUMING)")]
    [InlineData("Pause", "Running", "Paused")]
    [InlineData("Pause", "Suspending", "FailedPrecondition: Actor a cannot be paused (status: STATUS_SUSPENDED)")]
    [InlineData("Pause", "Pausing", "Paused")]
    [InlineData("Pause", "Paused", "Paused")]
    [InlineData("Delete", "Suspended", "gone")]
    [InlineData("Delete", "Resuming", "FailedPrecondition: Actor a is not suspended (status: STATUS_RESUMING)")]
    [InlineData("Delete", "Running", "FailedPrecondition: Actor a is not suspended (status: STATUS_RUNNING)")]
    [InlineData("Delete", "Suspending", "gone")]
    [InlineData("Delete", "Pausing", "gone")]
    [InlineData("Delete", "Paused", "gone")]
    [InlineData("Update", "Suspended", "Suspended")]
    [InlineData("Update", "Resuming", "Resuming")]
    [InlineData("Update", "Running", "Running")]
    [InlineData("Update", "Suspending", "Suspending")]
    [InlineData("Update", "Pausing", "Pausing")]
    [InlineData("Update", "Paused", "Paused")]
    [InlineData("Get", "Suspended", "Suspended")]
    [InlineData("Get", "Resuming", "Resuming")]
    [InlineData("Get", "Running", "Running")]
    [InlineData("Get", "Suspending", "Suspending")]
    [InlineData("Get", "Pausing", "Pausing")]
    [InlineData("Get", "Paused", "Paused")]
    public async Task Call_InState_EndsAsDefined(string call, string state, string expected)
    {
        var (cluster, node) = await Cluster.OneNodeAsync();
        await using var _ = cluster;
        var key = await PrepareAsync(cluster, node, Enum.Parse<ActorState>(state));
        var calling = CallAsync(cluster, call, new() { Atespace = "demo", Name = "a" });
        if (call is not ("Get" or "Update"))
        {
            await FinishAsync(cluster, node, key, state, call);
        }

        Assert.Equal(expected, await calling);
    }

    // What the node would do by itself: finish what was under way when the call came.
    private static async Task FinishAsync(Cluster cluster, FakeNode node, ActorKey key, string state, string call)
    {
        if (state is "Suspending" or "Pausing")
        {
            await node.FinishAsync(key);
        }
        else if (state is "Resuming" && call is "Resume")
        {
            await cluster.Actors.RunningAsync(key, (await cluster.Actors.GetAsync(key))!.Epoch, node.Id, "127.0.0.1:20001");
        }
    }

    private static async Task<ActorKey> PrepareAsync(Cluster cluster, FakeNode node, ActorState state)
    {
        var key = await cluster.CreateAsync("a");
        switch (state)
        {
            case ActorState.Suspended:
                break;
            case ActorState.Resuming:
                await cluster.Actors.ClaimAsync(key, "token", node.Id, Within);
                break;
            default:
                var record = await node.RunAsync(key);
                _ = state switch
                {
                    ActorState.Suspending => await cluster.Actors.BeginSuspendAsync(key, record.Epoch, Within),
                    ActorState.Pausing or ActorState.Paused => await cluster.Actors.BeginPauseAsync(key, record.Epoch, Within),
                    _ => default,
                };
                if (state == ActorState.Paused)
                {
                    await node.FinishAsync(key);
                }

                break;
        }

        Assert.Equal(state, await cluster.StateAsync(key));
        return key;
    }

    private static async Task<string> CallAsync(Cluster cluster, string call, ActorRef reference)
    {
        var control = cluster.Control;
        var options = new CallOptions(deadline: DateTime.MaxValue, cancellationToken: Cluster.Token);
        try
        {
            var actor = call switch
            {
                "Resume" => (await control.ResumeActorAsync(new() { ActorRef = reference }, options)).Actor,
                "Suspend" => (await control.SuspendActorAsync(new() { ActorRef = reference }, options)).Actor,
                "Pause" => (await control.PauseActorAsync(new() { ActorRef = reference }, options)).Actor,
                "Update" => (await control.UpdateActorAsync(new() { ActorRef = reference }, options)).Actor,
                "Get" => (await control.GetActorAsync(new() { ActorRef = reference }, options)).Actor,
                _ => null,
            };
            if (actor is null)
            {
                await control.DeleteActorAsync(new() { ActorRef = reference }, options);
            }

            return actor is null ? await cluster.StateAsync(new("demo", "a")) is null ? "gone" : "still there" : actor.Status.ToString();
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
    }
}
