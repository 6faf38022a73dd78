using System.Globalization;

namespace Substrate.Perf.Load;

/// <summary>Reads the header <c>Server-Timing</c>: <c>hold;dur=93.1, queue;dur=0.4, warm</c>.</summary>
internal static class ServerTiming
{
    /// <summary>Phase → milliseconds. What has no duration is a remark and no phase.</summary>
    public static Dictionary<string, double> Parse(string header)
    {
        var phases = new Dictionary<string, double>();
        foreach (var metric in header.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = metric.Split(';', StringSplitOptions.TrimEntries);
            var duration = parts.FirstOrDefault(static part => part.StartsWith("dur=", StringComparison.Ordinal));
            if (duration is not null && double.TryParse(duration.AsSpan(4), CultureInfo.InvariantCulture, out var milliseconds))
            {
                phases[parts[0]] = milliseconds;
            }
        }

        return phases;
    }
}
