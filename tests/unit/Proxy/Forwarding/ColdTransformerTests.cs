using Substrate.Proxy.Forwarding;
using Substrate.State.Activation;

namespace Substrate.Proxy.UnitTests.Forwarding;

public sealed class ColdTransformerTests
{
    [Fact]
    public void Write_WithoutNodePhases_ShowsTheHoldOnly() =>
        Assert.Equal("hold;dur=12.5", ColdTransformer.Write(TimeSpan.FromMilliseconds(12.5), default));

    [Fact]
    public void Write_WithNodePhases_ShowsThemInOrder() => Assert.Equal(
        "hold;dur=90.0, queue;dur=1.0, fetch;dur=2.0, restore;dur=60.0, ready;dur=5.5, publish;dur=1.0, warm",
        ColdTransformer.Write(TimeSpan.FromMilliseconds(90), new ActivationTimings(Ms(1), Ms(2), Ms(60), Ms(5.5), Ms(1), true)));

    private static TimeSpan Ms(double ms) => TimeSpan.FromMilliseconds(ms);
}
