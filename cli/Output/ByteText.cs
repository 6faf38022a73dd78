namespace Substrate.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class ByteText
{
    /// <summary><c>512 B</c>, <c>9.4 MB</c>, <c>1.2 GB</c>, in powers of 1000.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => FormattableString.Invariant($"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => FormattableString.Invariant($"{bytes / 1e6:0.0} MB"),
        _ => FormattableString.Invariant($"{bytes / 1e9:0.0} GB"),
    };
}
