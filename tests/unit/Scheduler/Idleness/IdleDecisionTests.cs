using CsCheck;
using Substrate.NodeAgent.V1;
using Substrate.Scheduler.Idleness;
using Substrate.Scheduler.UnitTests.Census;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Scheduler.UnitTests.Idleness;

public sealed class IdleDecisionTests
{
    private static readonly Gen<Sandbox> Sandboxes =
        from name in Gen.Int[0, 1000]
        from template in Gen.Int[0, 3]
        from idle in Gen.Long[0, 100_000]
        from busy in Gen.Bool
        from phase in Gen.Int[0, 3].Select(static i => new[] { "running", "resuming", "suspending", "" }[i])
        select new Sandbox
        {
            Actor = new() { Atespace = "demo", Name = $"a{name}" },
            Epoch = name,
            TemplateNamespace = "demo",
            TemplateName = $"t{template}",
            IdleMs = idle,
            Busy = busy,
            Phase = phase,
        };

    [Fact]
    public void ToPause_AnySandboxes_PausesExactlyTheIdleOnes() => Sandboxes.Array[0, 50].Sample(static sandboxes =>
    {
        var paused = IdleDecision.ToPause(sandboxes, Policy);

        Assert.Equal(paused.Select(static a => a.Idle).OrderDescending(), paused.Select(static a => a.Idle));
        var wanted = sandboxes.Where(static s => !s.Busy && s.Phase == "running" && s.TemplateName switch
        {
            "t0" => s.IdleMs >= 5_000,
            "t1" => s.IdleMs >= 50_000,
            _ => false,
        });
        Assert.Equal(
            wanted.Select(static s => (s.Actor.Name, s.Epoch, s.IdleMs)).Order(),
            paused.Select(static a => (a.Key.Name, a.Epoch, (long)a.Idle.TotalMilliseconds)).Order());
    });

    [Theory]
    [InlineData(59_999, false)]
    [InlineData(60_000, true)]
    public void ToUpload_PausedActor_IsDueByTheStoresClock(int age, bool due)
    {
        var node = Given.Node("n1", true, Given.Actor(ActorState.Paused, "", new SnapshotRef("3-a", "n1", false, 1)));
        var found = IdleDecision.ToUpload(node, Given.Now.AddMilliseconds(age), static (_, _) => new() { SuspendAfter = TimeSpan.FromMinutes(1) });

        Assert.Equal(due, found.Count == 1);
    }

    [Theory]
    [InlineData(ActorState.Paused, "n1", false, false, "the node is dead")]
    [InlineData(ActorState.Paused, "n2", false, true, "the copy is elsewhere")]
    [InlineData(ActorState.Paused, "n1", true, true, "it is stored")]
    [InlineData(ActorState.Running, "n1", false, true, "it runs")]
    public void ToUpload_NothingToMove_IsNotDue(ActorState state, string holder, bool stored, bool live, string because)
    {
        var node = Given.Node("n1", live, Given.Actor(state, "n1", new SnapshotRef("3-a", holder, stored, 1)));
        var found = IdleDecision.ToUpload(node, Given.Now.AddDays(1), static (_, _) => new() { SuspendAfter = TimeSpan.FromMinutes(1) });

        Assert.True(found.Count == 0, because);
    }

    [Fact]
    public void ToUpload_NeverOrUnknown_IsNotDue()
    {
        var node = Given.Node("n1", true, Given.Actor(ActorState.Paused, "", new SnapshotRef("3-a", "n1", false, 1)));

        Assert.Empty(IdleDecision.ToUpload(node, Given.Now.AddDays(1), static (_, _) => new() { SuspendAfter = TimeSpan.Zero }));
        Assert.Empty(IdleDecision.ToUpload(node, Given.Now.AddDays(1), static (_, _) => null));
    }

    private static IdlePolicy? Policy(string atespace, TemplateKey key) => key.Name switch
    {
        "t0" => new() { PauseAfter = TimeSpan.FromSeconds(5) },
        "t1" => new() { PauseAfter = TimeSpan.FromSeconds(50) },
        "t2" => new() { PauseAfter = TimeSpan.Zero },
        _ => null,
    };
}
