using System.Reflection;
using System.Runtime.InteropServices;

namespace Substrate.NodeAgent.Runtime;

/// <summary>
/// Runs this program again in a mount namespace of its own, where the sandbox runtime would otherwise take every network namespace
/// for the machine's: it tells them apart by <c>/proc/sys/net/core/rmem_default</c>, which newer kernels show in all of them.
/// Named network namespaces made there stay visible to everyone. A program calls it once, before anything else.
/// </summary>
public static partial class MountNamespace
{
    private const string Marker = "SUBSTRATE_MOUNTNS";
    private const int CloneNewNet = 0x40000000;

    // The settings stay reachable below a second mount of /proc, which SUBSTRATE_PROC names.
    private const string Script =
        """
        set -e
        mount --make-rprivate /proc
        mount -t tmpfs -o mode=755,size=64k substrate /proc/sys/net
        mkdir /proc/sys/net/proc
        mount -t proc proc /proc/sys/net/proc
        export SUBSTRATE_MOUNTNS=1 SUBSTRATE_PROC=/proc/sys/net/proc
        exec "$0" "$@"
        """;

    /// <summary>Where the kernel's settings are reachable from inside and outside such a namespace.</summary>
    internal static string Proc { get; } = Environment.GetEnvironmentVariable("SUBSTRATE_PROC") ?? "/proc";

    /// <summary>Replaces this process, once, where it is needed; returns where it is not, or where only root could.</summary>
    /// <exception cref="InvalidOperationException">It is needed and does not work; the message has the remedy.</exception>
    public static void EnterWhereNeeded()
    {
        if (Environment.GetEnvironmentVariable(Marker) == "1" || Environment.UserName != "root" || !ShowsRootSettings())
        {
            return;
        }

        string?[] command = ["unshare", "-m", "--propagation", "unchanged", "/bin/sh", "-c", Script, .. Self(), null];
        Exec(command[0]!, command);
        throw new InvalidOperationException($"'unshare' cannot be run (error {Marshal.GetLastPInvokeError()}). Install it: apt-get install util-linux");
    }

    // This very command line, whether it runs from its own executable or through dotnet.
    private static string[] Self()
    {
        string[] arguments = [.. Environment.GetCommandLineArgs().Skip(1)];
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? [host, Assembly.GetEntryAssembly()!.Location, .. arguments]
            : [host, .. arguments];
    }

    // A thread that enters a fresh network namespace sees that one's settings below /proc/sys/net, and ends with it.
    private static bool ShowsRootSettings()
    {
        var shows = false;
        var thread = new Thread(() => shows = Unshare(CloneNewNet) == 0 && File.Exists("/proc/sys/net/core/rmem_default")) { Name = "netns probe" };
        thread.Start();
        thread.Join();
        return shows;
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "execvp", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Exec(string file, string?[] arguments);
}
