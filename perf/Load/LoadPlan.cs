using System.Text.Json;
using System.Text.Json.Serialization;

namespace Substrate.Perf.Load;

/// <summary>What answers are compared with.</summary>
internal enum AnswerCheck
{
    /// <summary>The counter demo: right actor, and counts that neither repeat nor go back.</summary>
    Counter,

    /// <summary>Any answer with a status from 200 to 299.</summary>
    Status,
}

/// <summary>A load, complete enough to repeat it: the same plan sends the same requests at the same times.</summary>
internal sealed record LoadPlan
{
    /// <summary>Base address of the ingress.</summary>
    public required Uri Target { get; init; }

    public string Atespace { get; init; } = "demo";

    /// <summary>Names of the actors, the most wanted first.</summary>
    public required IReadOnlyList<string> Actors { get; init; }

    /// <summary>Requests due per second, on average: visits come at random, whatever became of earlier ones.</summary>
    public double Rate { get; init; } = 10;

    /// <summary>Exponent of the actors' popularity; 0 for equal.</summary>
    public double Zipf { get; init; } = 1.1;

    /// <summary>Requests of one visit to an actor.</summary>
    public int Turns { get; init; } = 1;

    /// <summary>Mean time between the requests of a visit.</summary>
    public TimeSpan Think { get; init; }

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests due before this time are sent and not counted.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Connections at most; a request that waits for one is late.</summary>
    public int Connections { get; init; } = 256;

    /// <summary>Requests under way at most. One that is due beyond them is not sent, and counted as such.</summary>
    public int Outstanding { get; init; } = 10_000;

    /// <summary>Longest wait for one answer, from when it was due.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    public string Method { get; init; } = "GET";

    /// <summary>Path below the actor's address, with its slash.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Text sent with each request; null for none.</summary>
    public string? Body { get; init; }

    /// <summary>HTTP/2 instead of HTTP/1.1; in clear text with prior knowledge.</summary>
    public bool Http2 { get; init; }

    public AnswerCheck Check { get; init; }

    public int Seed { get; init; } = 1;

    public string ToJson() => JsonSerializer.Serialize(this, LoadJson.Default.LoadPlan);

    /// <exception cref="JsonException">The text is no plan.</exception>
    public static LoadPlan Parse(string json) => JsonSerializer.Deserialize(json, LoadJson.Default.LoadPlan)!;
}

/// <summary>Generated serialisation of plan and report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LoadPlan))]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadJson : JsonSerializerContext;
