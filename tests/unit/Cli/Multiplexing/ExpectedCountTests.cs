using Substrate.Cli.Multiplexing;
using Substrate.Perf.Load;

namespace Substrate.Cli.UnitTests.Multiplexing;

public sealed class ExpectedCountTests
{
    private readonly ExpectedCount _expected = new("demo", "m-0001");

    [Fact]
    public void Answers_InSequence_AreRight()
    {
        Assert.Null(_expected.Check(Answer(1, 1)));
        Assert.Null(_expected.Check(Answer(2, 2)));
    }

    [Fact]
    public void Answer_OfAnotherActor_IsWrong() => Assert.Contains(
        "demo/m-0002 answered", _expected.Check(new CounterAnswer("m-0002", "demo", 1, 1)), StringComparison.Ordinal);

    [Fact]
    public void Answer_OfTheSameNameInAnotherAtespace_IsWrong() => Assert.NotNull(_expected.Check(new CounterAnswer("m-0001", "other", 1, 1)));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(2, 1)]
    public void Answer_WithACountRolledBackSkippedOrSplit_IsWrong(long memory, long file)
    {
        _expected.Check(Answer(1, 1));

        Assert.NotNull(_expected.Check(Answer(memory, file)));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Answer_AfterALostRequest_MayHaveCountedItOrNot(long count, bool right)
    {
        _expected.Check(Answer(1, 1));
        _expected.Lost();

        Assert.Equal(right, _expected.Check(Answer(count, count)) is null);
    }

    private static CounterAnswer Answer(long memory, long file) => new("m-0001", "demo", memory, file);
}
