using System.Diagnostics;

namespace Substrate.EndToEndTests.World;

/// <summary>What one run of the command line came to.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}

/// <summary>The <c>substrate</c> program as it was built, run as a user runs it.</summary>
internal static class Cli
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>The repository, which the launcher would name.</summary>
    public static string Home { get; } = Root();

    /// <summary>The built program, of the same configuration as these tests.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Substrate.Cli", new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/')).Name, "substrate.dll"));

    public static Dictionary<string, string> Environment { get; } = new() { ["SUBSTRATE_HOME"] = Home };

    /// <summary>Runs it to its end.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(new Dictionary<string, string>(), arguments);

    /// <summary>Runs it to its end with further environment variables.</summary>
    public static async Task<CliResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in Environment.Concat(environment))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"substrate {string.Join(' ', arguments)} took longer than {Limit}");
        }

        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs it and insists on success.</summary>
    public static async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"substrate {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Substrate.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? System.Environment.GetEnvironmentVariable("SUBSTRATE_HOME")
            ?? throw new InvalidOperationException("Substrate.sln is in no directory above the tests, and SUBSTRATE_HOME is not set.");
    }
}
