using System.ComponentModel;
using System.Diagnostics;

namespace Substrate.Perf.Reports;

/// <summary>Which version of the source was measured.</summary>
internal static class Commit
{
    /// <summary>The short commit id, with <c>+</c> when files differ from it (results themselves excepted); <c>unknown</c> outside a git checkout.</summary>
    public static string Of(string home)
    {
        try
        {
            var id = Git(home, "rev-parse", "--short=10", "HEAD");
            return id.Length == 0 ? "unknown" : Git(home, "status", "--porcelain", "--", ".", ":!perf/results", ":!perf/RESULTS.md").Length > 0 ? id + "+" : id;
        }
        catch (Win32Exception)
        {
            // No git on this machine.
            return "unknown";
        }
    }

    private static string Git(string home, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-C", home, "-c", $"safe.directory={home}", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.BeginErrorReadLine();
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? said : "";
    }
}
