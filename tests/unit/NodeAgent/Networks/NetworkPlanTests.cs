using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.UnitTests.Networks;

public sealed class NetworkPlanTests
{
    [Fact]
    public void Choose_NamedNetwork_GivesEachBerthFourAddresses()
    {
        var plan = NetworkPlan.Choose("10.9.8.7/24", "n1");

        Assert.Equal(64, plan.Berths);
        Assert.Equal(("10.9.8.1", "10.9.8.2"), (plan.HostAddress(0), plan.SlotAddress(0)));
        Assert.Equal(("10.9.8.253", "10.9.8.254"), (plan.HostAddress(63), plan.SlotAddress(63)));
    }

    [Fact]
    public void Choose_Auto_StaysInTheRangeSetAsideForIt()
    {
        var plan = NetworkPlan.Choose("auto", "n1");

        Assert.StartsWith("198.1", plan.HostAddress(0), StringComparison.Ordinal);
        Assert.Equal(256, plan.Berths);
    }

    [Theory]
    [InlineData("10.9.8.7")]
    [InlineData("10.9.8.0/25")]
    [InlineData("10.9.8.0/7")]
    [InlineData("fd00::/64")]
    [InlineData("everything")]
    public void Choose_SomethingElse_NamesOptionValueAndRule(string text)
    {
        var refused = Assert.Throws<InvalidOperationException>(() => NetworkPlan.Choose(text, "n1"));

        Assert.Contains($"Node:Network is '{text}': it must be 'auto' or an IPv4 network", refused.Message, StringComparison.Ordinal);
    }
}
