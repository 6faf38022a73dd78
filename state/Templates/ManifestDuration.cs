using System.Globalization;
using System.Text.RegularExpressions;

namespace Substrate.State.Templates;

/// <summary>Durations as manifests write them: a whole number and one of <c>ms s m h</c>, or <c>0</c> or <c>never</c>.</summary>
public static partial class ManifestDuration
{
    public const string Form = "must be a duration such as 500ms, 30s, 10m or 2h";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <summary>Reads a duration; zero stands for never.</summary>
    public static bool TryRead(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0" or "never")
        {
            return true;
        }

        var match = Duration().Match(text);
        if (!match.Success || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var unit = match.Groups[2].Value switch { "ms" => 1L, "s" => 1_000L, "m" => 60_000L, _ => 3_600_000L };
        if (number > (long)Longest.TotalMilliseconds / unit)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(number * unit);
        return true;
    }

    /// <summary>The shortest text that reads back as the same duration.</summary>
    public static string Write(TimeSpan duration)
    {
        var milliseconds = (long)duration.TotalMilliseconds;
        var (number, unit) = milliseconds switch
        {
            0 => (0, ""),
            _ when milliseconds % 3_600_000 == 0 => (milliseconds / 3_600_000, "h"),
            _ when milliseconds % 60_000 == 0 => (milliseconds / 60_000, "m"),
            _ when milliseconds % 1_000 == 0 => (milliseconds / 1_000, "s"),
            _ => (milliseconds, "ms"),
        };
        return number == 0 ? "never" : string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }

    [GeneratedRegex(@"^([0-9]{1,12})(ms|s|m|h)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
