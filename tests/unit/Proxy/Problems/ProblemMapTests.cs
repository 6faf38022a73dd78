using Substrate.Proxy.Activation;
using Substrate.Proxy.Problems;
using Substrate.Proxy.Routing;
using Substrate.State.Activation;
using Substrate.State.Actors;

namespace Substrate.Proxy.UnitTests.Problems;

public sealed class ProblemMapTests
{
    private static readonly ActorKey Alice = new("demo", "alice");

    [Theory]
    [InlineData(ActivationOutcome.NotFound, 404, "actor-not-found", false)]
    [InlineData(ActivationOutcome.TemplateNotReady, 503, "template-not-ready", false)]
    [InlineData(ActivationOutcome.Failed, 503, "activation-failed", false)]
    [InlineData(ActivationOutcome.NoNode, 503, "no-node", true)]
    [InlineData(ActivationOutcome.NoRoom, 503, "no-room", true)]
    [InlineData(ActivationOutcome.TimedOut, 504, "activation-timeout", false)]
    public void NotUp_ByOutcome_HasItsStatusAndReason(ActivationOutcome outcome, int status, string reason, bool retry)
    {
        var problem = ProblemMap.NotUp(Alice, new Held(HoldOutcome.NotUp, null, new(outcome, null, "why")), TimeSpan.FromSeconds(1));
        Assert.Equal((status, reason, retry), (problem.Status, problem.Reason, problem.RetryAfter > 0));
    }

    [Theory]
    [InlineData(1, 400, "'evil.actors.localhost'")]
    [InlineData(2, 400, "'/actors/x'")]
    [InlineData(0, 404, "/actors/ATESPACE/ACTOR/")]
    public void Unaddressed_ByKind_NamesTheValueAndTheRule(int kind, int status, string part)
    {
        AddressKind[] kinds = [AddressKind.None, AddressKind.BadHost, AddressKind.BadPath];
        var problem = ProblemMap.Unaddressed(kinds[kind], "evil.actors.localhost", "/actors/x", "actors.localhost");
        Assert.Equal(status, problem.Status);
        Assert.Contains(part, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Unaddressed_HugeHost_IsShownInPart() =>
        Assert.True(ProblemMap.Unaddressed(AddressKind.BadHost, new string('a', 9000), "/", "x").Detail.Length < 500);
}
