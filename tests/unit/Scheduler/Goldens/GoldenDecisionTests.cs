using System.Collections.Immutable;
using Substrate.Scheduler.Goldens;
using Substrate.Scheduler.UnitTests.Census;
using Substrate.State.Nodes;
using Substrate.State.Templates;

namespace Substrate.Scheduler.UnitTests.Goldens;

public sealed class GoldenDecisionTests
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData(TemplatePhase.Pending, 0, true)]
    [InlineData(TemplatePhase.Building, 15, false)]
    [InlineData(TemplatePhase.Building, 16, true)]
    [InlineData(TemplatePhase.Ready, 1000, false)]
    [InlineData(TemplatePhase.Failed, 1000, false)]
    public void Wanted_ByPhaseAndAge(TemplatePhase phase, int seconds, bool wanted) =>
        Assert.Equal(wanted, GoldenDecision.Wanted(Given.Template(phase, Given.Now.AddSeconds(-seconds)), Given.Now, Abandoned));

    [Fact]
    public void Choose_SeveralNodes_TakesTheLeastLoaded() =>
        Assert.Equal("b", Choose("", Given.Lease("a", active: 4), Given.Lease("b", active: 3), Given.Lease("c", slots: 4, active: 2)));

    [Fact]
    public void Choose_OneFailedBefore_TakesItOnlyWhenThereIsNoOther()
    {
        Assert.Equal("b", Choose("a", Given.Lease("a"), Given.Lease("b", active: 7)));
        Assert.Equal("a", Choose("a", Given.Lease("a")));
    }

    [Fact]
    public void Choose_NoUsableNode_IsNull() =>
        Assert.Null(Choose("", Given.Lease("dead", live: false), Given.Lease("draining", draining: true), Given.Lease("none", slots: 0)));

    [Fact]
    public void Choose_Selector_MustMatch()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("zone", "a");
        var lease = Given.Lease("b");
        var match = lease with { Status = lease.Status with { Labels = labels } };

        Assert.Equal("b", GoldenDecision.Choose([Given.Lease("a"), match], labels, "")?.Id);
        Assert.Null(GoldenDecision.Choose([Given.Lease("a")], labels, ""));
    }

    [Fact]
    public void Pause_Attempts_DoublesUpToHalfAMinute() =>
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(1, 7).Select(static n => (int)GoldenDecision.Pause(n).TotalSeconds));

    private static string? Choose(string failed, params NodeLease[] nodes) =>
        GoldenDecision.Choose(nodes, ImmutableSortedDictionary<string, string>.Empty, failed)?.Id;
}
