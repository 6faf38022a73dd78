using System.Diagnostics;
using Substrate.Scheduler.ComponentTests.Fakes;
using Substrate.TestSupport.Polling;

namespace Substrate.Scheduler.ComponentTests.Operations;

public sealed class TracingTests
{
    [Fact]
    public async Task Call_WithTraceContext_LeadsThroughServerStateAndNode()
    {
        await using var collector = await Collector.StartAsync();
        await using var cluster = await Cluster.EmptyAsync();
        await cluster.AddNodeAsync("n1");
        await cluster.AddSchedulerAsync(
            ("Telemetry:Endpoint", collector.Address), ("Telemetry:Protocol", "HttpProtobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "50"), ("Host:Embedded", "false"));
        await cluster.CreateAsync("alice");

        using var caller = new Activity("caller");
        caller.SetIdFormat(ActivityIdFormat.W3C);
        caller.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        caller.Start();
        await cluster.Control.ResumeActorAsync(new() { ActorRef = new() { Atespace = "demo", Name = "alice" } }, cancellationToken: Cluster.Token);
        caller.Stop();

        // The server's own span, those of the state library, and the call to the node, all in the caller's trace.
        var trace = caller.TraceId.ToHexString();
        foreach (var name in new[] { "POST /ateapi.Control/ResumeActor", "activate", "claim", "POST /substrate.node.v1.NodeAgentApi/Activate" })
        {
            await Eventually.TrueAsync(() => collector.Spans.Contains(new(trace, name)), Cluster.Soon, $"span '{name}' of the caller's trace arrives");
        }
    }
}
