using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Substrate.TestSupport.Processes;

namespace Substrate.NodeAgent.ComponentTests.Actors;

/// <summary>What the machine must have for tests with real sandboxes.</summary>
internal static class Machine
{
    /// <summary>The counter demo's image, built by <c>demos/counter/build-image.sh</c>.</summary>
    public static string CounterImage { get; } = Path.Combine(Root(), "artifacts", "images", "counter");

    /// <summary>The dynamic loader, which is in every image that has a dynamically linked program.</summary>
    public static string Loader { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";

    public static void RequireSandboxes()
    {
        Assert.SkipUnless(Environment.UserName == "root", "sandboxes need root");
        Executables.Require("ip");
        Executables.Require("nft");
        Executables.Require("umoci");
        var runsc = Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC");
        if (runsc is null || !File.Exists(runsc))
        {
            Executables.Require("runsc");
        }

        Assert.SkipUnless(Directory.Exists(CounterImage), $"the counter image is not built: run demos/counter/build-image.sh");
    }

    private static string Root([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", ".."));
}
