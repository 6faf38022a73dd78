using System.CommandLine;
using System.Reflection;

namespace Substrate.Cli.Verbs;

/// <summary><c>version</c>.</summary>
internal static class VersionVerb
{
    /// <summary>The version without the source revision that the build appends.</summary>
    public static string Number =>
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static Command Create()
    {
        var verb = new Verb("version", "Show the version") { Examples = ["substrate version"] };
        verb.SetAction(static parsed => CommandTree.ScreenOf(parsed).Say($"substrate {Number}"));
        return verb;
    }
}
