using System.Text.Json;
using System.Text.Json.Serialization;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Reports;

/// <summary>A result with everything that is needed to judge and repeat it: the content of <c>perf/results/SUITE.json</c>.</summary>
internal sealed record SuiteReport
{
    public required string Suite { get; init; }

    public required string Summary { get; init; }

    /// <summary>What was typed.</summary>
    public required string Command { get; init; }

    public required string Commit { get; init; }

    public required Machine Machine { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Time it took.</summary>
    public required double Seconds { get; init; }

    public required bool Quick { get; init; }

    public required IReadOnlyList<BenchRow> Rows { get; init; }

    public required IReadOnlyList<ResultTable> Tables { get; init; }

    public required IReadOnlyList<string> Notes { get; init; }

    public required IReadOnlyList<ChartFile> Charts { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReportJson.Default.SuiteReport) + "\n";

    /// <exception cref="JsonException">The text is no report.</exception>
    public static SuiteReport Parse(string json) => JsonSerializer.Deserialize(json, ReportJson.Default.SuiteReport)!;
}

/// <summary>A picture beside the report.</summary>
internal sealed record ChartFile(string Title, string File);

/// <summary>Generated serialisation of <see cref="SuiteReport"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SuiteReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
