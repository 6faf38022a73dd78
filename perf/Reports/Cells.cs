using Substrate.Perf.Rounds;

namespace Substrate.Perf.Reports;

/// <summary>Numbers as tables show them.</summary>
internal static class Cells
{
    /// <summary>Milliseconds with as many digits as mean something.</summary>
    public static string Ms(double milliseconds) => milliseconds < 10
        ? FormattableString.Invariant($"{milliseconds:0.00} ms")
        : FormattableString.Invariant($"{milliseconds:0.0} ms");

    public static string Times(double ratio) => FormattableString.Invariant($"{ratio:0.00} x");

    /// <summary>The median and, in brackets, the quartiles around it.</summary>
    public static string Spread(Samples samples, string unit = "") =>
        FormattableString.Invariant($"{samples.Median:0.##} [{samples.Spread.Low:0.##}–{samples.Spread.High:0.##}] {unit}").TrimEnd();
}
