using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.Cli.Benchmarks;

/// <summary>One number of a benchmark.</summary>
internal sealed record BenchRow(string Bench, string Case, string Metric, string Unit, double Value)
{
    /// <summary>The rows as the JSON that every benchmark writes.</summary>
    public static string ToJson(IReadOnlyList<BenchRow> rows) => JsonSerializer.Serialize(rows, BenchJson.Default.IReadOnlyListBenchRow) + "\n";
}

/// <summary>Generated serialisation of <see cref="BenchRow"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<BenchRow>))]
internal sealed partial class BenchJson : JsonSerializerContext;
