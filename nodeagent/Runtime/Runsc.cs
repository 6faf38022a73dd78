using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Substrate.NodeAgent.Commands;

namespace Substrate.NodeAgent.Runtime;

/// <summary>
/// The gVisor command line, and the only place that runs it. Each method is one command. Sandboxes outlive this process: they are
/// children of init, with their output in files.
/// </summary>
/// <param name="commands">Runs it.</param>
/// <param name="path">The <c>runsc</c> binary.</param>
/// <param name="root">Directory of the runtime's own state and control sockets.</param>
internal sealed partial class Runsc(ICommandRunner commands, string path, string root)
{
    /// <summary>First release that restores with connections open and takes a choice of compression.</summary>
    public const int OldestRelease = 20240729;

    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(120);

    // root:memory keeps changes of the file system in the sandbox's memory file, and so in the checkpoint.
    private readonly string[] _flags =
        ["--platform=systrap", "--network=sandbox", "--overlay2=root:memory", "--net-disconnect-ok", $"--root={root}"];

    /// <summary>Directory of the runtime's state.</summary>
    public string Root => root;

    /// <summary>The runtime's version as it prints it, for instance <c>0.0~20240729.0</c> or <c>release-20250505.0</c>.</summary>
    /// <exception cref="RunscException">It is missing, or too old.</exception>
    public async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync(path, ["--version"], Quick, cancellationToken);
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

    /// <summary>Creates a sandbox that waits for <see cref="StartAsync"/> or <see cref="RestoreAsync"/>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="bundle">Its bundle.</param>
    /// <param name="pidFile">File that receives the pid of the sandbox process.</param>
    /// <param name="output">File that the process's output is appended to. Appending keeps a restored process, which remembers its old offset, from leaving a hole.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task CreateAsync(string id, string bundle, string pidFile, string output, CancellationToken cancellationToken)
    {
        var result = await commands.RunAsync(
            new Command(path, [.. _flags, "create", "--bundle", bundle, "--pid-file", pidFile, id])
            {
                Timeout = Slow,
                OutputFile = output,
                ErrorFile = output,
            },
            cancellationToken);
        if (!result.Succeeded)
        {
            var said = File.Exists(output) ? (await File.ReadAllLinesAsync(output, cancellationToken)).LastOrDefault() : null;
            throw new RunscException($"runsc create failed (exit code {result.ExitCode}): {said ?? result.LastLine}");
        }
    }

    /// <summary>Starts the process of a created sandbox afresh.</summary>
    public Task StartAsync(string id, CancellationToken cancellationToken) => RunAsync(Slow, cancellationToken, "start", id);

    /// <summary>Restores a created sandbox from a checkpoint and leaves it running.</summary>
    public Task RestoreAsync(string id, string image, CancellationToken cancellationToken) =>
        RunAsync(Slow, cancellationToken, "restore", "--detach", "--image-path", image, id);

    /// <summary>Writes a checkpoint into <paramref name="image"/> and ends the sandbox. When it fails the sandbox runs on.</summary>
    public Task CheckpointAsync(string id, string image, CancellationToken cancellationToken) =>
        RunAsync(Slow, cancellationToken, "checkpoint", "--compression=none", "--image-path", image, id);

    /// <summary>Ends a sandbox in whatever state it is and removes what the runtime keeps of it. Removing one that is gone is no error.</summary>
    public async Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        await commands.RunAsync(path, [.. _flags, "delete", "--force", id], Slow, cancellationToken);

    /// <summary>Ids of all sandboxes that the runtime knows.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var result = await RunAsync(Quick, cancellationToken, "list", "--format=json");
        using var document = JsonDocument.Parse(result.Output.Trim() is { Length: > 0 } json ? json : "null");
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(static c => c.GetProperty("id").GetString()!)]
            : [];
    }

    private async Task<CommandResult> RunAsync(TimeSpan limit, CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await commands.RunAsync(path, [.. _flags, .. arguments], limit, cancellationToken);
        return result.Succeeded
            ? result
            : throw new RunscException($"runsc {arguments[0]} failed (exit code {result.ExitCode}): {result.LastLine}");
    }

    [GeneratedRegex("20[0-9]{6}")]
    private static partial Regex ReleaseDate();
}
