using System.Text.Json;

namespace Substrate.Perf.Micro.UnitTests;

/// <summary>Holds what the benchmarks allocate at most, as perf/micro/ceilings.json says: the counts, and no times.</summary>
public sealed class AllocationTests
{
    // Of what other threads of the process allocate meanwhile, per operation.
    private const double Tolerance = 1;

    private static readonly IReadOnlyDictionary<string, double> Ceilings =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ceilings.json")))!;

    public static TheoryData<string> Names => [.. Allocations.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Benchmark_OneOperation_AllocatesNoMoreThanItsCeiling(string name)
    {
        Assert.True(Ceilings.TryGetValue(name, out var ceiling), $"perf/micro/ceilings.json has no ceiling for {name}");

        var bytes = await Allocations.MeasureAsync(name);

        Assert.True(bytes <= ceiling + Tolerance, FormattableString.Invariant($"{name} allocates {bytes:0.#} bytes per operation; its ceiling is {ceiling:0}"));
    }

    [Fact]
    public void Ceilings_AllOfThem_BelongToABenchmark() => Assert.Empty(Ceilings.Keys.Except(Allocations.Names));
}
