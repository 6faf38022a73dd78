using System.Globalization;
using Substrate.Cli.Standalone;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Substrate.State.ComponentTests;

/// <summary>Runs the tests; or, as <c>embedded-store DIRECTORY PORT</c>, is the process with an embedded store that a test kills.</summary>
internal static class Program
{
    public const string StoreMode = "embedded-store";

    private static async Task<int> Main(string[] args)
    {
        if (args is not [StoreMode, var directory, var port])
        {
            return args.Any(static a => a is "--server" or "--internal-msbuild-node")
                ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
                : await ConsoleRunner.Run(args);
        }

        await using var store = EmbeddedStore.Start(directory, int.Parse(port, CultureInfo.InvariantCulture));
        Console.WriteLine("ready");
        var ended = new TaskCompletionSource();
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            signal =>
            {
                signal.Cancel = true;
                ended.TrySetResult();
            });
        await ended.Task;
        return 0;
    }
}
