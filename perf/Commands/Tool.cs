using System.Diagnostics;
using Substrate.Perf.Suites;

namespace Substrate.Perf.Commands;

/// <summary>Runs commands of this machine.</summary>
internal static class Tool
{
    /// <summary>Runs one to its end. Its output goes to a file: a sandbox inherits it, and a pipe would stay open as long as the sandbox lives.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    public static async Task RunAsync(string log, CancellationToken cancellationToken, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "sh", log, .. command]))!;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"'{string.Join(' ', command)}' failed (exit code {process.ExitCode})")
            {
                Details = await File.ReadAllTextAsync(log, CancellationToken.None),
            };
        }
    }
}
