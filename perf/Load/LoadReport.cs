using System.Text.Json;

namespace Substrate.Perf.Load;

/// <summary>What a load measured. Latencies are of right answers, in milliseconds, from when a request was due to the end of its answer.</summary>
internal sealed record LoadReport
{
    public required double Seconds { get; init; }

    /// <summary>Requests that were due and counted, sent or not.</summary>
    public required long Due { get; init; }

    public required long Right { get; init; }

    public required long Refused { get; init; }

    public required long Wrong { get; init; }

    public required long Failed { get; init; }

    /// <summary>Not sent, because too many were under way.</summary>
    public required long Unsent { get; init; }

    /// <summary>Right answers that had to wait for their actor, as their <c>Server-Timing</c> says.</summary>
    public required long Woken { get; init; }

    /// <summary>Percentile → milliseconds.</summary>
    public required IReadOnlyList<LatencyPoint> Latency { get; init; }

    /// <summary>The same of the generator's own lateness in sending, which is part of every latency.</summary>
    public required IReadOnlyList<LatencyPoint> Lag { get; init; }

    /// <summary>Mean phases of the slowest hundredth of the right answers.</summary>
    public required IReadOnlyDictionary<string, double> TailPhases { get; init; }

    /// <summary>Mean phases of all right answers that had to wait for their actor.</summary>
    public required IReadOnlyDictionary<string, double> WokenPhases { get; init; }

    /// <summary>The first few problems.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>True when every request was answered, and no answer was wrong; refusals are answers.</summary>
    public bool Sound => Wrong == 0 && Failed == 0 && Unsent == 0 && Due > 0;

    public double RefusedPercent => Due == 0 ? 0 : 100.0 * (Refused + Unsent) / Due;

    /// <exception cref="ArgumentException">That percentile is not among those kept.</exception>
    public double At(double percentile) => Latency.FirstOrDefault(p => p.Percentile == percentile)?.Milliseconds
        ?? throw new ArgumentException($"percentile {percentile} is not kept", nameof(percentile));

    public string ToJson() => JsonSerializer.Serialize(this, LoadJson.Default.LoadReport) + "\n";

    /// <exception cref="JsonException">The text is no report.</exception>
    public static LoadReport Parse(string json) => JsonSerializer.Deserialize(json, LoadJson.Default.LoadReport)!;
}

/// <summary>One point of a distribution.</summary>
internal sealed record LatencyPoint(double Percentile, double Milliseconds);
