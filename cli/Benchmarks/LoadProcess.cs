using System.Diagnostics;
using Substrate.Cli.Standalone;
using Substrate.Perf.Load;
using Substrate.Perf.Suites;

namespace Substrate.Cli.Benchmarks;

/// <summary>Runs <c>load</c> as a process of its own: what it does to its memory and threads is nothing that Substrate does.</summary>
internal sealed class LoadProcess(Action<string> tell) : ILoadGenerator
{
    private const int KeptLines = 20;

    /// <exception cref="BenchException">The process failed before it had a report.</exception>
    public async Task<LoadReport> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("substrate-load-");
        try
        {
            var (planFile, reportFile) = (Path.Combine(directory.FullName, "plan.json"), Path.Combine(directory.FullName, "report.json"));
            await File.WriteAllTextAsync(planFile, plan.ToJson(), cancellationToken);
            var last = await RunAsync(SelfCommand.Of("load", "--plan", planFile, "--json", reportFile), cancellationToken);
            return File.Exists(reportFile)
                ? LoadReport.Parse(await File.ReadAllTextAsync(reportFile, cancellationToken))
                : throw new BenchException("the load generator came to no report") { Details = string.Join('\n', last) };
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<Queue<string>> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var last = new Queue<string>();
        try
        {
            while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                tell(line.TrimStart());
                last.Enqueue(line);
                if (last.Count > KeptLines)
                {
                    last.Dequeue();
                }
            }

            await process.WaitForExitAsync(cancellationToken);
            return last;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
