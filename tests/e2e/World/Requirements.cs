using Substrate.TestSupport.Processes;

namespace Substrate.EndToEndTests.World;

/// <summary>What the machine must have for a whole installation with real sandboxes.</summary>
internal static class Requirements
{
    public static void Check()
    {
        Assert.SkipUnless(Environment.UserName == "root", "sandboxes need root");
        Executables.Require("ip");
        Executables.Require("nft");
        Executables.Require("umoci");
        if (Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC") is not { } runsc || !File.Exists(runsc))
        {
            Executables.Require("runsc");
        }
    }
}
