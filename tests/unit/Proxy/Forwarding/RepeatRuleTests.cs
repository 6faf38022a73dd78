using Substrate.Proxy.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.UnitTests.Forwarding;

public sealed class RepeatRuleTests
{
    private static readonly HttpRequestException Refused = new(HttpRequestError.ConnectionError);
    private static readonly HttpRequestException Ended = new(HttpRequestError.ResponseEnded);
    private static readonly HttpRequestException Reset = new("reset", new IOException("reset"));

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", false)]
    public void Decide_NoConnection_RepeatsAnythingSomeTimes(string method, bool bodiless)
    {
        Assert.Equal(Repeat.Unsent, RepeatRule.Decide(ForwarderError.Request, Refused, bodiless, method, default));
        Assert.Equal(Repeat.Unsent, RepeatRule.Decide(ForwarderError.Request, Refused, bodiless, method, new(Unsent: 1, Safe: 1)));
        Assert.Equal(Repeat.Never, RepeatRule.Decide(ForwarderError.Request, Refused, bodiless, method, new(RepeatRule.MostUnsent, 0)));
    }

    [Theory]
    [InlineData("GET", true, true)]
    [InlineData("HEAD", true, true)]
    [InlineData("OPTIONS", true, true)]
    [InlineData("GET", false, false)]
    [InlineData("POST", true, false)]
    [InlineData("DELETE", true, false)]
    [InlineData("BREW", true, false)]
    public void Decide_ConnectionBroke_RepeatsOnlyBodilessSafeMethods(string method, bool bodiless, bool repeats)
    {
        var expected = repeats ? Repeat.Safe : Repeat.Never;
        Assert.Equal(expected, RepeatRule.Decide(ForwarderError.Request, Ended, bodiless, method, default));
        Assert.Equal(expected, RepeatRule.Decide(ForwarderError.Request, Reset, bodiless, method, default));
        Assert.Equal(Repeat.Never, RepeatRule.Decide(ForwarderError.Request, Reset, bodiless, method, new(0, 1)));
    }

    [Theory]
    [InlineData(ForwarderError.ResponseBodyDestination)]
    [InlineData(ForwarderError.RequestBodyDestination)]
    [InlineData(ForwarderError.RequestTimedOut)]
    [InlineData(ForwarderError.RequestCanceled)]
    [InlineData(ForwarderError.UpgradeResponseDestination)]
    public void Decide_AfterSomethingPassed_NeverRepeats(ForwarderError error)
    {
        Assert.Equal(Repeat.Never, RepeatRule.Decide(error, Reset, true, "GET", default));
        Assert.Equal(Repeat.Never, RepeatRule.Decide(error, Refused, true, "GET", default));
    }

    [Fact]
    public void Decide_OtherFailure_NeverRepeats()
    {
        Assert.Equal(Repeat.Never, RepeatRule.Decide(ForwarderError.Request, new OperationCanceledException(), true, "GET", default));
        Assert.Equal(Repeat.Never, RepeatRule.Decide(ForwarderError.Request, new HttpRequestException(HttpRequestError.InvalidResponse), true, "GET", default));
    }
}
