namespace Substrate.NodeAgent.UnitTests;

public sealed class OptionsTests
{
    [Fact]
    public void Rules_ForTheDefaults_AreKept() => Assert.True(new NodeRules(null).Validate(null, new NodeOptions { Id = "n1" }).Succeeded);

    [Theory]
    [InlineData("Upper", "http://127.0.0.1:8010", "Node:Id is 'Upper'")]
    [InlineData("n1", "127.0.0.1", "Node:Listen is '127.0.0.1'")]
    [InlineData("n1", "http://10.0.0.1:8010", "set Substrate:Token")]
    public void Rules_WhenBroken_NameOptionAndValue(string id, string listen, string expected)
    {
        var result = new NodeRules(null).Validate(null, new NodeOptions { Id = id, Listen = listen });

        Assert.Contains(expected, result.FailureMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_ListeningBeyondLoopbackWithAToken_AreKept() =>
        Assert.True(new NodeRules("secret").Validate(null, new NodeOptions { Id = "n1", Listen = "http://10.0.0.1:8010" }).Succeeded);

    [Theory]
    [InlineData(8, 4)]
    [InlineData(2, 2)]
    [InlineData(100, 8)]
    public void Warm_ByDefault_FollowsTheSlots(int slots, int warm) => Assert.Equal(warm, new NodeOptions { Slots = slots }.EffectiveWarm);
}
