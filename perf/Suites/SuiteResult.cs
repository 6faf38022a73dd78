using Substrate.Perf.Charts;
using Substrate.Perf.Reports;

namespace Substrate.Perf.Suites;

/// <summary>What a suite measured.</summary>
internal sealed record SuiteResult
{
    /// <summary>Every number, by name.</summary>
    public required IReadOnlyList<BenchRow> Rows { get; init; }

    /// <summary>What a person reads, on the terminal and in <c>RESULTS.md</c>.</summary>
    public required IReadOnlyList<ResultTable> Tables { get; init; }

    public IReadOnlyList<IChart> Charts { get; init; } = [];

    /// <summary>What a reader must know to judge the numbers, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
