using Microsoft.Extensions.Time.Testing;
using Substrate.Perf.Rounds;

namespace Substrate.Perf.UnitTests.Rounds;

public sealed class InterleavedTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _order = [];

    [Fact]
    public async Task Rounds_OfTwoContenders_AlternateAndTheBeginnerChanges()
    {
        var results = await RunAsync(new RoundPlan(WarmUp: 1, Count: 4, TimeSpan.FromHours(1)), "a", "b");

        Assert.Equal("ab" + "ba" + "ab" + "ba" + "ab", string.Concat(_order));
        Assert.Equal((4, 4), (results["a", "ms"].Count, results["b", "ms"].Count));
    }

    [Fact]
    public async Task Rounds_PastTheBudget_AreNotBegun()
    {
        var results = await RunAsync(new RoundPlan(WarmUp: 0, Count: 100, TimeSpan.FromSeconds(10)), "a", "b");

        // Each measurement takes one second of the fake clock.
        Assert.Equal((5, 5), (results["a", "ms"].Count, results["b", "ms"].Count));
    }

    [Fact]
    public async Task Rounds_WithHardlyAnyBudget_AreStillEnoughForASpread()
    {
        var results = await RunAsync(new RoundPlan(WarmUp: 0, Count: 100, TimeSpan.Zero), "a", "b");

        Assert.Equal(RoundPlan.Least, results["a", "ms"].Count);
    }

    [Fact]
    public async Task Metric_NeverMeasured_IsNamed()
    {
        var results = await RunAsync(new RoundPlan(0, 1, TimeSpan.Zero), "a");

        Assert.Contains("rps", Assert.Throws<KeyNotFoundException>(() => results["a", "rps"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ratio_OfTwoContenders_IsTakenRoundByRound()
    {
        // The machine was ten times slower in the second round: that says nothing about either.
        var ratio = new Samples([20, 200, 22]).Over(new Samples([10, 100, 11]));

        Assert.Equal([2, 2, 2], ratio.Values);
    }

    private Task<RoundResults> RunAsync(RoundPlan plan, params string[] names) => new Interleaved(plan, static _ => { }, _time)
        .RunAsync([.. names.Select(name => new Named(name, this))], CancellationToken.None);

    private sealed class Named(string name, InterleavedTests test) : IContender
    {
        public string Name => name;

        public Task<IReadOnlyDictionary<string, double>> MeasureAsync(CancellationToken cancellationToken)
        {
            test._order.Add(name);
            test._time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult<IReadOnlyDictionary<string, double>>(new Dictionary<string, double> { ["ms"] = test._order.Count });
        }
    }
}
