using System.Collections.Immutable;
using CsCheck;
using Substrate.NodeAgent.Sandboxes;
using Substrate.State.Templates;

namespace Substrate.NodeAgent.UnitTests.Sandboxes;

public sealed class WarmChoiceTests
{
    private static readonly ImmutableDictionary<string, int> NoPlan = ImmutableDictionary<string, int>.Empty;

    [Fact]
    public void Shares_OfTwoTemplates_AreEqual() =>
        Assert.Equal(
            [("a", 2), ("b", 2)],
            WarmChoice.Shares([Use("a", 1), Use("b", 5)], 4, NoPlan).OrderBy(static p => p.Key).Select(static p => (p.Key, p.Value)));

    [Fact]
    public void Shares_OfMoreTemplatesThanSandboxes_GoToThoseUsedLast() =>
        Assert.Equal(["b", "c"], WarmChoice.Shares([Use("a", 9), Use("b", 1), Use("c", 2)], 2, NoPlan).Keys.Order());

    [Fact]
    public void Shares_WithNothingToKeep_AreNone() => Assert.Empty(WarmChoice.Shares([Use("a", 1)], 0, NoPlan));

    [Fact]
    public void Shares_WithAPlan_AreWhatItWantsAndNothingForOthers() => Assert.Equal(
        [("b", 3)],
        WarmChoice.Shares([Use("a", 1), Use("b", 5)], 9, NoPlan.Add("b", 3).Add("unknown", 4)).Select(static p => (p.Key, p.Value)));

    [Fact]
    public void Shares_WithAPlanBeyondTheLimit_GoToThoseUsedLastFirst() => Assert.Equal(
        [("a", 3), ("b", 1)],
        WarmChoice.Shares([Use("a", 1), Use("b", 5), Use("c", 9)], 4, NoPlan.Add("a", 3).Add("b", 3).Add("c", 3))
            .OrderBy(static p => p.Key).Select(static p => (p.Key, p.Value)));

    [Fact]
    public void Next_IsTheTemplateFurthestBelowItsShare()
    {
        WarmUse[] uses = [Use("a", 1), Use("b", 2)];

        Assert.Equal("b", WarmChoice.Next(uses, WarmChoice.Shares(uses, 6, NoPlan), ["a", "a", "b"])?.Uid);
    }

    [Fact]
    public void Next_WhenAllSharesAreReady_IsNone()
    {
        WarmUse[] uses = [Use("a", 1)];

        Assert.Null(WarmChoice.Next(uses, WarmChoice.Shares(uses, 2, NoPlan), ["a", "a"]));
    }

    [Fact]
    public void Next_PassesOverATemplateThatRestsAfterAFailure()
    {
        WarmUse[] uses = [Use("a", 1) with { Resting = true }, Use("b", 2)];

        Assert.Equal("b", WarmChoice.Next(uses, WarmChoice.Shares(uses, 4, NoPlan), ["b"])?.Uid);
    }

    [Fact]
    public void Filling_ToTheEnd_KeepsNoMoreThanAllowedAndAtLeastOneOfEachKept() =>
        Gen.Select(Gen.Int[0, 9].Array[0, 12], Gen.Int[0, 16]).Sample((unused, most) =>
        {
            var uses = unused.Select((u, i) => Use($"t{i}", u)).ToArray();
            var shares = WarmChoice.Shares(uses, most, NoPlan);
            List<string> ready = [];
            while (WarmChoice.Next(uses, shares, ready) is { } next)
            {
                ready.Add(next.Uid);
            }

            return ready.Count <= most && shares.All(s => ready.Count(uid => uid == s.Key) == s.Value && s.Value > 0);
        });

    private static WarmUse Use(string uid, int unusedSeconds) => new(
        new TemplateRecord
        {
            Key = new TemplateKey("demo", uid),
            Uid = uid,
            Spec = new TemplateSpec { Container = new ContainerSpec { Name = "c", Image = "oci:/x" } },
        },
        TimeSpan.FromSeconds(unusedSeconds),
        Resting: false);
}
