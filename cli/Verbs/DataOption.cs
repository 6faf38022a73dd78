using System.CommandLine;
using Substrate.Cli.Standalone;

namespace Substrate.Cli.Verbs;

/// <summary><c>--data</c>: which one-process installation is meant.</summary>
internal static class DataOption
{
    public static Option<string> Create() => new("--data")
    {
        Description = $"Its directory (environment: SUBSTRATE_DATA; default: {DataDirectory.Default})",
        HelpName = "DIR",
    };

    /// <summary>The absolute path.</summary>
    public static string Of(ParseResult parsed, Option<string> option)
    {
        var environment = Environment.GetEnvironmentVariable("SUBSTRATE_DATA");
        return Path.GetFullPath(parsed.GetValue(option) ?? (string.IsNullOrEmpty(environment) ? DataDirectory.Default : environment));
    }
}
