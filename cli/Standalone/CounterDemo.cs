using System.Diagnostics;
using Grpc.Core;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Cli.Templates;

namespace Substrate.Cli.Standalone;

/// <summary>Brings atespace <c>demo</c> and the counter's template into an instance.</summary>
internal static class CounterDemo
{
    public const string Atespace = "demo";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Returns when actors of the template can be activated.</summary>
    /// <param name="home">The checkout with the demo.</param>
    /// <param name="api">The instance.</param>
    /// <param name="tell">Told what goes on.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task LoadAsync(string home, ApiClient api, Action<string> tell, CancellationToken cancellationToken)
    {
        await BuildImageAsync(home, tell, cancellationToken);
        await CreateAtespaceAsync(api, cancellationToken);
        var manifest = await Manifest.ReadAsync(Home.CounterIn(home), cancellationToken);
        var applied = await api.Admin.ApplyAsync(manifest, api.Call(cancellationToken));
        foreach (var one in applied.Templates)
        {
            await new Readiness(api, TimeProvider.System, tell).WaitAsync(one.Template, Patience, cancellationToken);
        }
    }

    private static async Task CreateAtespaceAsync(ApiClient api, CancellationToken cancellationToken)
    {
        try
        {
            await api.Control.CreateAtespaceAsync(new CreateAtespaceRequest { Name = Atespace }, api.Call(cancellationToken));
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.AlreadyExists)
        {
            // From an earlier run.
        }
    }

    // The script does nothing where the image is newer than its sources.
    private static async Task BuildImageAsync(string home, Action<string> tell, CancellationToken cancellationToken)
    {
        var script = Home.BuilderIn(home);
        if (await RunAsync(["--check"], cancellationToken) is { Code: 0 })
        {
            return;
        }

        tell("building the image of the counter demo");
        if (await RunAsync([], cancellationToken) is { Code: not 0 } failed)
        {
            throw new CommandFailure("the image of the counter demo could not be built", $"Run {script} by itself to see all of it.") { Details = failed.Said };
        }

        async Task<(int Code, string Said)> RunAsync(string[] arguments, CancellationToken stop)
        {
            using var process = Process.Start(new ProcessStartInfo(script, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEndAsync(stop);
            var error = await process.StandardError.ReadToEndAsync(stop);
            await process.WaitForExitAsync(stop);
            return (process.ExitCode, string.Join('\n', $"{await output}{error}".TrimEnd().Split('\n').TakeLast(20)));
        }
    }
}
