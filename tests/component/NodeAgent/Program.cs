using Substrate.NodeAgent.Runtime;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Substrate.NodeAgent.ComponentTests;

/// <summary>Runs the tests, where needed in a mount namespace of their own: real sandboxes want it entered before anything else.</summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        MountNamespace.EnterWhereNeeded();
        return args.Any(static a => a is "--server" or "--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
