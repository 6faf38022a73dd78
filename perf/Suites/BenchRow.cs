using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.Perf.Suites;

/// <summary>One number of a benchmark.</summary>
/// <param name="Bench">Name of the suite.</param>
/// <param name="Case">What was measured.</param>
/// <param name="Metric">Name with its unit or percentile, for instance <c>p99_ms</c>: others rely on it, so it is never renamed.</param>
/// <param name="Unit"><c>ms</c>, <c>ratio</c>, <c>percent</c>, <c>bytes</c>, <c>1/s</c> and so on.</param>
/// <param name="Value">The number.</param>
internal sealed record BenchRow(string Bench, string Case, string Metric, string Unit, double Value)
{
    /// <summary>The rows as the JSON that <c>--json FILE</c> writes.</summary>
    public static string ToJson(IReadOnlyList<BenchRow> rows) => JsonSerializer.Serialize(rows, BenchJson.Default.IReadOnlyListBenchRow) + "\n";
}

/// <summary>Generated serialisation of <see cref="BenchRow"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<BenchRow>))]
internal sealed partial class BenchJson : JsonSerializerContext;
