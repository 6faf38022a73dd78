using System.Globalization;
using System.Text.RegularExpressions;

namespace Substrate.Cli.Output;

/// <summary>Durations as people type them: <c>500ms</c>, <c>90s</c>, <c>2m30s</c>, <c>1h</c>, or a bare number of seconds.</summary>
internal static partial class DurationText
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds < 1e9)
        {
            duration = TimeSpan.FromSeconds(seconds);
            return true;
        }

        var match = Parts().Match(text);
        if (!match.Success || text.Length == 0)
        {
            return false;
        }

        foreach (var (number, unit) in match.Groups[1].Captures.Zip(match.Groups[2].Captures))
        {
            duration += double.Parse(number.ValueSpan, CultureInfo.InvariantCulture) * UnitOf(unit.Value);
        }

        return true;
    }

    /// <summary>A duration in the coarsest unit that says enough: <c>850ms</c>, <c>12s</c>, <c>3m</c>, <c>5h</c>, <c>2d</c>.</summary>
    public static string Of(TimeSpan duration) => duration switch
    {
        { TotalSeconds: < 1 } => Invariant($"{Math.Max(0, duration.TotalMilliseconds):0}ms"),
        { TotalMinutes: < 2 } => Invariant($"{Math.Floor(duration.TotalSeconds):0}s"),
        { TotalHours: < 2 } => Invariant($"{Math.Floor(duration.TotalMinutes):0}m"),
        { TotalDays: < 2 } => Invariant($"{Math.Floor(duration.TotalHours):0}h"),
        _ => Invariant($"{Math.Floor(duration.TotalDays):0}d"),
    };

    private static TimeSpan UnitOf(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    [GeneratedRegex(@"^(?:(\d{1,6}(?:\.\d{1,6})?)(ms|s|m|h))+$", RegexOptions.CultureInvariant)]
    private static partial Regex Parts();
}
