using System.CommandLine;
using Substrate.AteApi;
using Substrate.Cli.Output;
using Substrate.State.Templates;

namespace Substrate.Cli.Verbs;

/// <summary>Arguments and options that several verbs share, all made anew per verb because a symbol keeps its parents.</summary>
internal static class Nouns
{
    public static Argument<string> Name(string of) => new("NAME") { Description = $"Name of the {of}" };

    public static Argument<string?> OptionalName(string of) => new("NAME")
    {
        Description = $"Name of the {of}; all of them without it",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Option<string> Atespace(bool required) => new("--atespace", "-a")
    {
        Description = "Atespace of the actor",
        HelpName = "ATESPACE",
        Required = required,
    };

    public static Option<OutputFormat> Format() => new("--output", "-o")
    {
        Description = "table for people, json or yaml for scripts (default: table)",
        HelpName = "FORMAT",
        CustomParser = static result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (Enum.TryParse<OutputFormat>(text, ignoreCase: true, out var format) && !char.IsAsciiDigit(text[0]))
            {
                return format;
            }

            result.AddError($"'{text}' is not an output format: it is one of table, json, yaml");
            return default;
        },
        CompletionSources = { static _ => [new("table"), new("json"), new("yaml")] },
    };

    public static ActorRef Ref(ParseResult parsed, Argument<string> name, Option<string> atespace) =>
        new() { Name = parsed.GetRequiredValue(name), Atespace = parsed.GetRequiredValue(atespace) };

    /// <exception cref="CommandFailure">One is not <c>KEY=VALUE</c>.</exception>
    public static Dictionary<string, string> Labels(IEnumerable<string> labels, string option)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var label in labels)
        {
            var at = label.IndexOf('=', StringComparison.Ordinal);
            read[at > 0 ? label[..at] : throw new CommandFailure($"{option} '{label}' is not a label", "Write it as KEY=VALUE.", ExitCode.Usage)] = label[(at + 1)..];
        }

        return read;
    }

    /// <exception cref="CommandFailure">It is not <c>NAMESPACE/NAME</c>.</exception>
    public static TemplateKey Template(string text) => TemplateKey.TryParse(text, out var key)
        ? key
        : throw new CommandFailure($"'{text}' does not name a template", "Write it as NAMESPACE/NAME, for instance demo/counter.", ExitCode.Usage);
}
