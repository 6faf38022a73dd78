using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Substrate.Cli.Output;

namespace Substrate.Cli.Standalone;

/// <summary>The directory of a one-process installation. Held by one process at a time; made of a known layout version.</summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Used unless another one is named. Sandboxes need root, so there is one place and not one per user.</summary>
    public const string Default = "/var/lib/substrate";

    /// <summary>Grows when an older program could misread what a newer one wrote.</summary>
    public const int LayoutVersion = 1;

    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    public string Store => System.IO.Path.Combine(Path, "store");

    public string Scheduler => System.IO.Path.Combine(Path, "scheduler");

    public string Node => System.IO.Path.Combine(Path, "node");

    public string Snapshots => System.IO.Path.Combine(Path, "snapshots");

    /// <summary>Name of the node: the same at each start, and another one for another directory of the same machine.</summary>
    public string NodeId => Path == Default ? "local" : "local-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path)))[..8];

    public static string LogOf(string path) => System.IO.Path.Combine(path, "up.log");

    /// <summary>Takes the directory, making it when it does not exist.</summary>
    /// <exception cref="CommandFailure">Another process holds it, or a newer version wrote it; nothing in it was touched.</exception>
    public static DataDirectory Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        RequireVersion(path);
        Create(path);

        var held = TryLock(path) ?? throw Busy(path);
        File.WriteAllText(VersionFile(path), LayoutVersion.ToString(CultureInfo.InvariantCulture) + "\n");
        return new DataDirectory(path, held);
    }

    /// <summary>Refuses a directory that <see cref="Open"/> would refuse, and touches nothing.</summary>
    /// <exception cref="CommandFailure">Another process holds it, or a newer version wrote it.</exception>
    public static void RequireUsable(string path)
    {
        RequireVersion(path);
        if (IsHeld(path))
        {
            throw Busy(path);
        }
    }

    /// <summary>Makes it where it does not exist: passable for everyone, so that <c>status</c> needs no root, and readable for its owner alone.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, Passable);
        }
    }

    /// <summary>True while some process holds it.</summary>
    public static bool IsHeld(string path)
    {
        if (!File.Exists(LockFile(path)))
        {
            return false;
        }

        try
        {
            // A shared lock is enough to find out, and needs no right to write.
            using var probe = new FileStream(LockFile(path), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static CommandFailure Busy(string path) => new(
        InstanceFile.Read(path) is { } running ? $"{path} is in use by process {running.Pid}" : $"{path} is in use by another process",
        $"Stop that one with 'substrate down{(path == Default ? "" : $" --data {path}")}', or choose another directory with --data and another port with --port.");

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(string path)
    {
        try
        {
            return new FileStream(LockFile(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockFile(path)))
        {
            return null;
        }
    }

    private static void RequireVersion(string path)
    {
        var file = VersionFile(path);
        if (!File.Exists(file))
        {
            return;
        }

        var text = File.ReadAllText(file).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            throw new CommandFailure($"{file} says '{text}', which is no version", "Choose another directory with --data, or restore that file.");
        }

        if (version > LayoutVersion)
        {
            throw new CommandFailure(
                $"{path} was written by a newer version of substrate (layout {version}, this one knows {LayoutVersion})",
                "Use that newer version, or choose another directory with --data. Nothing was touched.");
        }
    }

    private static string LockFile(string path) => System.IO.Path.Combine(path, "lock");

    private static string VersionFile(string path) => System.IO.Path.Combine(path, "version");
}
