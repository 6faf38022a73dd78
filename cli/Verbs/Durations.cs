using System.CommandLine;
using System.CommandLine.Parsing;
using Substrate.Cli.Output;

namespace Substrate.Cli.Verbs;

/// <summary>Options whose value is a duration such as <c>90s</c>.</summary>
internal static class Durations
{
    public static Option<TimeSpan> Option(string name, string description, TimeSpan otherwise, bool recursive = false) => new(name)
    {
        Description = $"{description}, such as 500ms, 90s, 2m (default: {DurationText.Of(otherwise)})",
        HelpName = "DURATION",
        Recursive = recursive,
        CustomParser = Parse,
    };

    /// <summary>Reads the one token of a result, which must be a duration above zero.</summary>
    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!DurationText.TryParse(text, out var duration) || duration <= TimeSpan.Zero)
        {
            result.AddError($"'{text}' is not a duration: write it like 500ms, 90s or 2m");
        }

        return duration;
    }
}
