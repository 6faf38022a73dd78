namespace Substrate.NodeAgent.Commands;

/// <summary>How a command ended.</summary>
internal enum CommandOutcome
{
    /// <summary>It ran to its end; the exit code is its own (128 + n when signal n ended it).</summary>
    Exited,

    /// <summary>Its time was up and it was killed.</summary>
    TimedOut,

    /// <summary>It is not installed or may not be executed.</summary>
    NotStarted,
}

/// <summary>What came of a command.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="ExitCode">Its exit code; -1 when it timed out, 127 when it was not started.</param>
/// <param name="Output">What it wrote to standard output; only the end of it when that was very long.</param>
/// <param name="Error">What it wrote to standard error, or why it was not started or was killed.</param>
internal readonly record struct CommandResult(CommandOutcome Outcome, int ExitCode, string Output, string Error)
{
    /// <summary>True when it ran to its end and its exit code is 0.</summary>
    public bool Succeeded => Outcome == CommandOutcome.Exited && ExitCode == 0;

    /// <summary>The last non-empty line of standard error, or else of standard output: what a person wants to read first.</summary>
    public string LastLine => LastLineOf(Error) ?? LastLineOf(Output) ?? $"exit code {ExitCode}";

    private static string? LastLineOf(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
}
