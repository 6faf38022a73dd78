using Substrate.Scheduler.Census;
using Substrate.Scheduler.Repair;
using Substrate.Scheduler.UnitTests.Census;
using Substrate.State.Actors;

namespace Substrate.Scheduler.UnitTests.Repair;

public sealed class OverdueDecisionTests
{
    [Fact]
    public void Overdue_OnlyResumingPastItsDeadline_IsFoundOnce()
    {
        var late = Given.Actor(ActorState.Resuming, "n1", name: "late") with { Deadline = Given.Now };
        var early = Given.Actor(ActorState.Resuming, "n1", name: "early") with { Deadline = Given.Now.AddMilliseconds(1) };
        var suspending = Given.Actor(ActorState.Suspending, "n1", name: "suspending") with { Deadline = Given.Now.AddHours(-1) };
        var running = Given.Actor(ActorState.Running, "n1", name: "running");

        var overdue = OverdueDecision.Overdue(
            new ClusterCensus(Given.Now, [Given.Node("n1", true, late, early, suspending, running), Given.Node("n2", false, late)]));

        Assert.Equal("late", Assert.Single(overdue).Key.Name);
    }
}
