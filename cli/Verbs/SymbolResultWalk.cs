using System.CommandLine;
using System.CommandLine.Parsing;

namespace Substrate.Cli.Verbs;

/// <summary>Names of the commands on a command line, from the innermost outwards.</summary>
internal sealed class SymbolResultWalk(ParseResult parsed)
{
    private CommandResult? _at = parsed.CommandResult;

    /// <summary>Null above the root, whose name is always <c>substrate</c> however it was started.</summary>
    public string? Current => _at switch
    {
        null => null,
        { Command: RootCommand } => "substrate",
        _ => _at.Command.Name,
    };

    public void Up() => _at = _at?.Parent as CommandResult;
}
