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

// What has a default is settable: the generated reader would set what only an initialiser may set, to nothing where the text does not name it.
/// <summary>A load, complete enough to repeat it: the same plan sends the same requests at the same times.</summary>
internal sealed record LoadPlan
{
    /// <summary>Base address of the ingress.</summary>
    public required Uri Target { get; init; }

    public string Atespace { get; set; } = "demo";

    /// <summary>Names of the actors, the most wanted first.</summary>
    public required IReadOnlyList<string> Actors { get; init; }

    /// <summary>Requests due per second, on average: visits come at random, whatever became of earlier ones.</summary>
    public double Rate { get; set; } = 10;

    /// <summary>Exponent of the actors' popularity; 0 for equal.</summary>
    public double Zipf { get; set; } = 1.1;

    /// <summary>Requests of one visit to an actor.</summary>
    public int Turns { get; set; } = 1;

    /// <summary>Mean time between the requests of a visit.</summary>
    public TimeSpan Think { get; set; }

    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Requests due before this time are sent and not counted.</summary>
    public TimeSpan WarmUp { get; set; }

    /// <summary>Connections at most; a request that waits for one is late.</summary>
    public int Connections { get; set; } = 256;

    /// <summary>Requests under way at most. One that is due beyond them is not sent, and counted as such.</summary>
    public int Outstanding { get; set; } = 10_000;

    /// <summary>Longest wait for one answer, from when it was due.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    public string Method { get; set; } = "GET";

    /// <summary>Path below the actor's address, with its slash.</summary>
    public string Path { get; set; } = "/";

    /// <summary>Text sent with each request; null for none.</summary>
    public string? Body { get; set; }

    /// <summary>HTTP/2 instead of HTTP/1.1; in clear text with prior knowledge.</summary>
    public bool Http2 { get; set; }

    public AnswerCheck Check { get; set; }

    public int Seed { get; set; } = 1;

    public string ToJson() => JsonSerializer.Serialize(this, LoadJson.Default.LoadPlan);

    /// <exception cref="JsonException">The text is no plan, or a value breaks a rule; the message names it.</exception>
    public static LoadPlan Parse(string json)
    {
        var plan = JsonSerializer.Deserialize(json, LoadJson.Default.LoadPlan) ?? throw new JsonException("there is no plan in it");
        return plan.Problem() is { } problem ? throw new JsonException(problem) : plan;
    }

    private string? Problem() =>
        Actors.Count == 0 ? "actors is empty: a load needs at least one"
        : !(Rate > 0) ? FormattableString.Invariant($"rate {Rate}: it is above 0")
        : !(Zipf >= 0) ? FormattableString.Invariant($"zipf {Zipf}: it is not below 0")
        : Turns < 1 ? $"turns {Turns}: a visit has at least one request"
        : Think < TimeSpan.Zero ? $"think {Think}: it is not below 0"
        : Duration <= WarmUp ? $"duration {Duration}: it is longer than warmUp {WarmUp}"
        : Connections < 1 ? $"connections {Connections}: it is at least 1"
        : Outstanding < 1 ? $"outstanding {Outstanding}: it is at least 1"
        : Timeout <= TimeSpan.Zero ? $"timeout {Timeout}: it is above 0"
        : !Path.StartsWith('/') ? $"path '{Path}': it begins with a slash"
        : null;
}

/// <summary>Generated serialisation of plan and report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LoadPlan))]
[JsonSerializable(typeof(LoadReport))]
internal sealed partial class LoadJson : JsonSerializerContext;
