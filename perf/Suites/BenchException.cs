namespace Substrate.Perf.Suites;

/// <summary>A measurement that cannot go on: an answer was wrong, or something is missing.</summary>
internal sealed class BenchException(string message, string? remedy = null) : Exception(message)
{
    /// <summary>What to do about it.</summary>
    public string? Remedy { get; } = remedy;

    /// <summary>What a process wrote before it failed; empty for none.</summary>
    public string Details { get; init; } = "";
}
