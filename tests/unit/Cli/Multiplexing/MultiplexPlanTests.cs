using Substrate.Cli.Multiplexing;

namespace Substrate.Cli.UnitTests.Multiplexing;

public sealed class MultiplexPlanTests
{
    [Fact]
    public void Order_OfAPlan_HasEveryActorEquallyOften_AndIsTheSameForTheSameSeed()
    {
        var plan = new MultiplexPlan(7, 5, 2, 3, new Uri("http://localhost"), TimeSpan.FromSeconds(1), Keep: false);

        Assert.All(plan.Order().CountBy(static i => i), static c => Assert.Equal(5, c.Value));
        Assert.Equal(plan.Order(), plan.Order());
        Assert.NotEqual(plan.Order(), (plan with { Seed = 4 }).Order());
        Assert.Equal(["m-0001", "m-0002"], plan.Names.Take(2));
    }
}
