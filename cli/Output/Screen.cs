using Spectre.Console;

namespace Substrate.Cli.Output;

/// <summary>Where a command writes: results to standard output, everything about the command itself to standard error.</summary>
internal sealed class Screen(TextWriter output, TextWriter error, bool interactive)
{
    private IAnsiConsole? _console;

    /// <summary>True when a person watches: colours, live progress.</summary>
    public bool Interactive => interactive;

    /// <summary>The terminal for tables and live progress. Without a terminal it neither wraps nor colours.</summary>
    public IAnsiConsole Console => _console ??= Create(output, interactive);

    public TextWriter Output => output;

    public static IAnsiConsole Create(TextWriter writer, bool interactive)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = interactive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = interactive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!interactive)
        {
            // What is piped into another command keeps one row per line, however long.
            console.Profile.Width = 4096;
        }

        return console;
    }

    /// <summary>One line of the result.</summary>
    public void Say(string line) => output.WriteLine(line);

    /// <summary>One line about what is going on; not part of the result.</summary>
    public void Note(string line)
    {
        error.WriteLine(line);
        error.Flush();
    }

    /// <summary>The failure, its details indented, and its remedy.</summary>
    public void Fail(CommandFailure failure)
    {
        error.WriteLine($"error: {failure.Message}");
        Indent(failure.Details, "  | ");
        Indent(failure.Remedy, "  ");
        error.Flush();
    }

    private void Indent(string? text, string prefix)
    {
        if (!string.IsNullOrWhiteSpace(text))
        {
            foreach (var line in text.TrimEnd().Split('\n'))
            {
                error.WriteLine(prefix + line.TrimEnd('\r'));
            }
        }
    }
}
