using Substrate.Scheduler.Census;
using Substrate.Scheduler.Liveness;
using Substrate.Scheduler.UnitTests.Census;
using Substrate.State.Actors;

namespace Substrate.Scheduler.UnitTests.Liveness;

public sealed class LivenessDecisionTests
{
    [Theory]
    [InlineData(ActorState.Resuming)]
    [InlineData(ActorState.Running)]
    [InlineData(ActorState.Suspending)]
    [InlineData(ActorState.Pausing)]
    public void Decide_ActorOfTheNode_IsLostExactlyWhenTheNodeIsDead(ActorState state)
    {
        Assert.Equal(MemberFate.Keep, Decide(live: true, Given.Actor(state, "n1")));
        Assert.Equal(MemberFate.Lose, Decide(live: false, Given.Actor(state, "n1")));
        Assert.Equal(MemberFate.Forget, Decide(live: true, Given.Actor(state, "n2")));
        Assert.Equal(MemberFate.Forget, Decide(live: false, Given.Actor(state, "n2")));
    }

    [Theory]
    [InlineData(true, "n1", false, "Keep")]
    [InlineData(false, "n1", false, "Strand")]
    [InlineData(true, "n2", false, "Forget")]
    [InlineData(false, "n2", false, "Forget")]
    [InlineData(true, "n1", true, "Forget")]
    public void Decide_PausedActor_StaysWithItsOnlyCopy(bool live, string node, bool stored, string fate) =>
        Assert.Equal(fate, Decide(live, Given.Actor(ActorState.Paused, "", new SnapshotRef("3-a", node, stored, 1))).ToString());

    [Fact]
    public void Decide_SuspendedOrDeletedActor_IsForgotten()
    {
        Assert.Equal(MemberFate.Forget, Decide(live: true, Given.Actor(ActorState.Suspended, "", new SnapshotRef("3-a", "n1", true, 1))));
        Assert.Equal(MemberFate.Forget, LivenessDecision.Decide(Given.Node("n1", live: false), new Member(new("demo", "a"), null)));
    }

    private static MemberFate Decide(bool live, ActorRecord record) =>
        LivenessDecision.Decide(Given.Node("n1", live), new Member(record.Key, record));
}
