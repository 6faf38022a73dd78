using Substrate.Perf.Load;

namespace Substrate.Perf.UnitTests.Load;

public sealed class CountCheckTests
{
    private readonly CountCheck _check = new("demo", "a");

    [Fact]
    public void Answers_OutOfOrderOfRequestsUnderWay_AreRight()
    {
        var (first, second) = (_check.Send(), _check.Send());

        Assert.Null(_check.Check(Count(2), second));
        Assert.Null(_check.Check(Count(1), first));
    }

    [Fact]
    public void Count_AfterARequestWithoutAnswer_MaySkipIt()
    {
        _check.Send();

        Assert.Null(_check.Check(Count(2), _check.Send()));
    }

    [Fact]
    public void Count_OfMemoryLost_IsWrong()
    {
        Assert.Null(_check.Check(Count(1), _check.Send()));
        Assert.Null(_check.Check(Count(2), _check.Send()));

        Assert.Contains("twice", _check.Check(Count(1), _check.Send()), StringComparison.Ordinal);
    }

    [Fact]
    public void Count_BelowOneThatWasAnsweredBeforeItWasSent_IsWrong()
    {
        _check.Send();
        Assert.Null(_check.Check(Count(2), _check.Send()));

        Assert.Equal("demo/a counts 1 after it had counted 2", _check.Check(Count(1), _check.Send()));
    }

    [Fact]
    public void Count_AboveTheNumberOfRequests_IsWrong() =>
        Assert.Equal("demo/a counts 2 and was asked 1 times", _check.Check(Count(2), _check.Send()));

    [Fact]
    public void Answer_OfAnotherActor_IsWrong() =>
        Assert.Equal("demo/a was asked and demo/b answered", _check.Check(new CounterAnswer("b", "demo", 1, 1), _check.Send()));

    [Fact]
    public void Answer_WhoseFileFellBehind_IsWrong() =>
        Assert.Equal("demo/a counts 1 in memory and 0 in its file", _check.Check(new CounterAnswer("a", "demo", 1, 0), _check.Send()));

    private static CounterAnswer Count(long count) => new("a", "demo", count, count);
}
