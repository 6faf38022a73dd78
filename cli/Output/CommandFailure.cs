namespace Substrate.Cli.Output;

/// <summary>A failure to be shown to a person: what is wrong and, where there is one, the remedy.</summary>
internal sealed class CommandFailure(string message, string? remedy = null, int exitCode = ExitCode.Failed, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>What to do about it; may have several lines.</summary>
    public string? Remedy { get; } = remedy;

    public int ExitCode { get; } = exitCode;

    /// <summary>What a process wrote before it failed, shown below the message; empty for none.</summary>
    public string Details { get; init; } = "";
}
