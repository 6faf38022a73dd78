using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Substrate.NodeAgent.Commands;
using Substrate.NodeAgent.Processes;

namespace Substrate.NodeAgent.Runtime;

/// <summary>
/// The gVisor command line, and the only place that runs it. Each method is one command. Sandboxes outlive this process: they are
/// children of init, with their output in files.
/// </summary>
/// <param name="commands">Runs it.</param>
/// <param name="exits">Sees the end of its sandboxes.</param>
/// <param name="path">The <c>runsc</c> binary.</param>
/// <param name="root">Directory of the runtime's own state and control sockets.</param>
/// <param name="limit">How long one command may take before it is killed.</param>
/// <param name="time">Measures deadlines.</param>
internal sealed partial class Runsc(
    ICommandRunner commands, ExitWatch exits, string path, string root, TimeSpan limit, TimeProvider time) : ISandboxRuntime
{
    /// <summary>First release that restores with connections open and takes a choice of compression.</summary>
    public const int OldestRelease = 20240729;

    // root:memory keeps changes of the file system in the sandbox's memory file, and so in the checkpoint.
    private readonly string[] _flags =
        ["--platform=systrap", "--network=sandbox", "--overlay2=root:memory", "--net-disconnect-ok", $"--root={root}"];

    private readonly ArmedRestores _armed = new(root, time);

    /// <summary>Directory of the runtime's state.</summary>
    public string Root => root;

    /// <summary>The runtime's version as it prints it, for instance <c>0.0~20240729.0</c> or <c>release-20250505.0</c>.</summary>
    /// <exception cref="RunscException">It is missing, or too old.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync(path, ["--version"], limit, cancellationToken);
        if (!result.Succeeded)
        {
            throw new RunscException($"runsc cannot be run at '{path}' ({result.LastLine}). Install gVisor (https://gvisor.dev/docs/user_guide/install/) or set Node:Runsc.");
        }

        var version = result.Output.Split('\n')[0].Replace("runsc version", "", StringComparison.Ordinal).Trim();
        var date = ReleaseDate().Match(version);
        if (date.Success && int.Parse(date.Value, CultureInfo.InvariantCulture) < OldestRelease)
        {
            throw new RunscException($"runsc at '{path}' is version {version}; {OldestRelease} or newer is required. Install a newer gVisor or set Node:Runsc.");
        }

        return version.Length > 0 ? version : throw new RunscException($"'{path} --version' printed nothing that names a version.");
    }

    /// <summary>Creates a sandbox from a bundle that it writes. Output is appended, which keeps a restored process, which remembers its old offset, from leaving a hole.</summary>
    public async Task CreateAsync(SandboxOrder order, CancellationToken cancellationToken)
    {
        Bundle.Write(order.Directory, order.Template, order.Image, order.Identity, order.ResolvConf, order.NetworkNamespace, order.Cgroup);
        var result = await commands.RunAsync(
            new Command(path, [.. _flags, "create", "--bundle", order.Directory, "--pid-file", order.PidFile, order.Id])
            {
                Timeout = limit,
                OutputFile = order.Output,
                ErrorFile = order.Output,
            },
            cancellationToken);
        if (!result.Succeeded)
        {
            var said = File.Exists(order.Output) ? (await File.ReadAllLinesAsync(order.Output, cancellationToken)).LastOrDefault() : null;
            throw new RunscException($"runsc create failed ({Ended(result)}): {said ?? result.LastLine}");
        }
    }

    /// <summary>Starts the restore of a created sandbox ahead of time, up to where it needs to know the snapshot.</summary>
    public void Arm(string id) => _armed.Add(id, (image, cancellationToken) => commands.RunAsync(
        new Command(path, [.. _flags, .. RestoreArguments(id, image)]) { Timeout = Timeout.InfiniteTimeSpan }, cancellationToken));

    /// <summary>Starts the process of a created sandbox afresh.</summary>
    public async Task StartAsync(string id, CancellationToken cancellationToken)
    {
        await _armed.DropAsync(id);
        await RunAsync(cancellationToken, "start", id);
    }

    /// <summary>Restores a created sandbox from a checkpoint and leaves it running.</summary>
    public async Task RestoreAsync(string id, string image, CancellationToken cancellationToken)
    {
        if (await _armed.TakeAsync(id) is not { } armed)
        {
            await RunAsync(cancellationToken, RestoreArguments(id, image));
            return;
        }

        try
        {
            await armed.RestoreAsync(image, limit, time, cancellationToken);
        }
        catch (RunscException)
        {
            _armed.Failed();
            throw;
        }
    }

    /// <summary>Writes a checkpoint into <paramref name="image"/> and ends the sandbox. When it fails the sandbox runs on.</summary>
    public Task CheckpointAsync(string id, string image, CancellationToken cancellationToken) =>
        RunAsync(cancellationToken, "checkpoint", "--compression=none", "--image-path", image, id);

    /// <summary>
    /// Writes a checkpoint so that an agent which starts after this one was killed can tell what came of it: the command holds the
    /// directory's lock while it runs, which it does to its end, and the marker moves when it has succeeded.
    /// </summary>
    public async Task CheckpointAsync(string id, CheckpointDirectory target, CancellationToken cancellationToken)
    {
        const string Script = "exec 9>>\"$1\"; flock 9; pending=$2; whole=$3; shift 3; \"$@\" || exit; mv \"$pending\" \"$whole\"";
        var result = await commands.RunAsync(
            "/bin/sh",
            ["-c", Script, "sh", target.Lock, target.Pending, target.Whole, path, .. _flags, "checkpoint", "--compression=none", "--image-path", target.Image, id],
            limit,
            cancellationToken);
        if (!result.Succeeded)
        {
            throw new RunscException($"runsc checkpoint failed ({Ended(result)}): {result.LastLine}");
        }
    }

    /// <summary>Ends a sandbox in whatever state it is and removes what the runtime keeps of it. Removing one that is gone is no error.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        await _armed.DropAsync(id);
        var result = await commands.RunAsync(path, [.. _flags, "delete", "--force", id], limit, cancellationToken);
        if (result.Outcome == CommandOutcome.TimedOut)
        {
            throw new RunscException($"runsc delete failed ({Ended(result)}): {result.LastLine}");
        }
    }

    /// <summary>Ids of all sandboxes that the runtime knows.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(cancellationToken, "list", "--format=json");
        using var document = JsonDocument.Parse(result.Output.Trim() is { Length: > 0 } json ? json : "null");
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(static c => c.GetProperty("id").GetString()!)]
            : [];
    }

    public ISandboxProcess Watch(int pid) => exits.Watch(pid);

    private static string[] RestoreArguments(string id, string image) => ["restore", "--detach", "--image-path", image, id];

    private async Task<CommandResult> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await commands.RunAsync(path, [.. _flags, .. arguments], limit, cancellationToken);
        return result.Succeeded
            ? result
            : throw new RunscException($"runsc {arguments[0]} failed ({Ended(result)}): {result.LastLine}");
    }

    private static string Ended(CommandResult result) => result.Outcome == CommandOutcome.TimedOut
        ? "killed"
        : string.Create(CultureInfo.InvariantCulture, $"exit code {result.ExitCode}");

    [GeneratedRegex("20[0-9]{6}")]
    private static partial Regex ReleaseDate();
}
