using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>Where the checkout is that this program was built from, and what it has of use here.</summary>
internal static class Home
{
    /// <summary>The root: what the launcher says, else the nearest directory above the program that holds the demos; null when there is none.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("SUBSTRATE_HOME") is { Length: > 0 } named && File.Exists(CounterIn(named)))
        {
            return Path.GetFullPath(named);
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(CounterIn(directory.FullName)))
            {
                return directory.FullName;
            }
        }

        return null;
    }

    /// <summary>The root.</summary>
    /// <exception cref="CommandFailure">There is none.</exception>
    public static string Require() =>
        Find() ?? throw new CommandFailure("demos/counter is not there", "Run it from a checkout, or name that with SUBSTRATE_HOME.");

    /// <summary>The manifest of the counter demo.</summary>
    public static string CounterIn(string home) => Path.Combine(home, "demos", "counter", "counter.yaml");

    /// <summary>The script that builds the counter's image where it is stale.</summary>
    public static string BuilderIn(string home) => Path.Combine(home, "demos", "counter", "build-image.sh");
}
