using System.Globalization;
using System.Text.RegularExpressions;
using Substrate.Cli.Output;
using Substrate.NodeAgent.Runtime;

namespace Substrate.Cli.Standalone;

/// <summary>What must be there before anything is started; each refusal names the remedy.</summary>
internal sealed partial class Preflight(IMachine machine)
{
    /// <summary>Older ones cannot checkpoint with connections open, nor without compression.</summary>
    public const int OldestRunsc = 20240729;

    /// <summary>Everything that a start needs, before anything is touched.</summary>
    /// <returns>Path of the runtime.</returns>
    public string RequireAll(UpOptions options)
    {
        DataDirectory.RequireUsable(options.Data);
        RequireTools();
        var runsc = RequireRunsc(Environment.GetEnvironmentVariable("SUBSTRATE_RUNSC"));
        RequirePorts(options.Ports);
        return runsc;
    }

    /// <summary>Runs this program again where the sandbox runtime needs a mount namespace of its own.</summary>
    /// <exception cref="CommandFailure">It is needed and does not work.</exception>
    public static void EnterMountNamespace()
    {
        try
        {
            MountNamespace.EnterWhereNeeded();
        }
        catch (InvalidOperationException e)
        {
            throw new CommandFailure(e.Message, "Without it gVisor cannot use network namespaces on this kernel.");
        }
    }

    public void RequireRoot(string verb)
    {
        if (!machine.IsRoot)
        {
            throw new CommandFailure($"'{verb}' needs root: it makes network namespaces and sandboxes", $"Run it as 'sudo substrate {verb}'.");
        }
    }

    /// <summary>The commands that the node agent runs.</summary>
    public void RequireTools()
    {
        Require("ip", "iproute2", "network namespaces");
        Require("nft", "nftables", "address translation");
        Require("nsenter", "util-linux", "network namespaces");
        Require("conntrack", "conntrack", "forgetting a slot's connections");
        Require("umoci", "umoci", "unpacking images");
    }

    /// <summary>Path of a runsc that is new enough.</summary>
    /// <param name="named">What SUBSTRATE_RUNSC says; null for the one on the PATH.</param>
    public string RequireRunsc(string? named)
    {
        const string Remedy = "Install gVisor's release as https://gvisor.dev/docs/user_guide/install/ describes, or name one with SUBSTRATE_RUNSC=/path/to/runsc.";
        var wanted = string.IsNullOrEmpty(named) ? "runsc" : named;
        var path = machine.Find(wanted) ?? throw new CommandFailure(
            wanted == "runsc" ? "there is no runsc (gVisor) on the PATH" : $"SUBSTRATE_RUNSC={wanted}: no such file", Remedy);
        var version = machine.VersionOf(path) ?? throw new CommandFailure($"{path} cannot be run", Remedy);
        if (Release().Match(version) is { Success: true } release && int.Parse(release.Value, CultureInfo.InvariantCulture) < OldestRunsc)
        {
            throw new CommandFailure($"{path} is too old ({version}): {OldestRunsc} or newer is needed", Remedy);
        }

        return path;
    }

    public void RequirePorts(InstancePorts ports)
    {
        foreach (var (port, use) in ports.Required)
        {
            if (!machine.IsFree(port))
            {
                throw new CommandFailure(
                    $"port {port} of 127.0.0.1 ({use}) is taken",
                    $"See by whom with: ss -ltnp 'sport = :{port}'\nOr choose others with --port, for instance --port {(ports.Ingress == 8000 ? 9000 : ports.Ingress + 1000)}.");
            }
        }
    }

    private void Require(string command, string package, string use)
    {
        if (machine.Find(command) is null)
        {
            throw new CommandFailure($"there is no '{command}' ({use})", $"Install it: apt-get install {package}");
        }
    }

    [GeneratedRegex("20[0-9]{6}", RegexOptions.CultureInvariant)]
    private static partial Regex Release();
}
