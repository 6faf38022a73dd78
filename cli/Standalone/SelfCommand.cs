namespace Substrate.Cli.Standalone;

/// <summary>How to start this program again.</summary>
internal static class SelfCommand
{
    /// <summary>The command line, whether it runs from its own executable or through <c>dotnet substrate.dll</c>.</summary>
    public static string[] Of(params string[] arguments)
    {
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? [host, typeof(SelfCommand).Assembly.Location, .. arguments]
            : [host, .. arguments];
    }
}
