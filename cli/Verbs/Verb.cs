using System.CommandLine;

namespace Substrate.Cli.Verbs;

/// <summary>A command with examples that its <c>--help</c> shows.</summary>
internal sealed class Verb(string name, string description) : Command(name, description)
{
    /// <summary>What to type, one line each; what follows <c>  # </c> explains.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];

    /// <summary>Longer explanation below the options.</summary>
    public string Notes { get; init; } = "";
}
