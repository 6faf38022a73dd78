using System.Globalization;
using System.Text.RegularExpressions;

namespace Substrate.State.Templates;

/// <summary>Quantities as Kubernetes writes them: <c>512Mi</c>, <c>1.5G</c>, <c>500m</c>, <c>2</c>.</summary>
internal static partial class ManifestQuantity
{
    /// <summary>Reads a quantity in thousandths of its unit; false when it is malformed or beyond all use.</summary>
    public static bool TryRead(string text, out decimal thousandths)
    {
        thousandths = 0;
        var match = Quantity().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        // 18 digits times 2^60 times 1000 stays within what a decimal holds only up to here.
        if (number > 1_000_000_000_000_000m || (number > 1_000_000 && match.Groups[2].Value is "P" or "Pi" or "E" or "Ei"))
        {
            return false;
        }

        thousandths = number * Factor(match.Groups[2].Value);
        return true;
    }

    public static string WriteBytes(long bytes) => bytes switch
    {
        _ when bytes % (1L << 30) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30}Gi"),
        _ when bytes % (1L << 20) == 0 => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}Mi"),
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    private static decimal Factor(string suffix) => suffix switch
    {
        "m" => 1,
        "" => 1_000,
        "k" => 1_000_000m,
        "M" => 1_000_000_000m,
        "G" => 1_000_000_000_000m,
        "T" => 1_000_000_000_000_000m,
        "P" => 1_000_000_000_000_000_000m,
        "E" => 1_000_000_000_000_000_000_000m,
        "Ki" => 1_000m * (1L << 10),
        "Mi" => 1_000m * (1L << 20),
        "Gi" => 1_000m * (1L << 30),
        "Ti" => 1_000m * (1L << 40),
        "Pi" => 1_000m * (1L << 50),
        _ => 1_000m * (1L << 60),
    };

    [GeneratedRegex(@"^([0-9]{1,18}(?:\.[0-9]{1,9})?)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quantity();
}
