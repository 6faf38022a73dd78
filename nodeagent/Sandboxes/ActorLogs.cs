using System.Runtime.CompilerServices;
using System.Text.Json;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>
/// What actors wrote. While an actor runs its output is in its sandbox's file; when the sandbox goes, the end of it is kept in the
/// actor's own file. Both are bounded, so that no actor can fill the disk.
/// </summary>
internal sealed class ActorLogs(NodePaths paths, TimeProvider time)
{
    /// <summary>Bytes kept of an actor that is not live, and most bytes of a live one.</summary>
    private const int Kept = 256 * 1024;
    private const int MostLive = 16 * 1024 * 1024;
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Empties a live sandbox's file when it has grown too large; its writer appends, so it just goes on.</summary>
    public static void Bound(Sandbox sandbox)
    {
        var file = new FileInfo(sandbox.Output);
        if (file.Exists && file.Length > MostLive)
        {
            using var stream = file.Open(FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            stream.SetLength(0);
        }
    }

    /// <summary>Keeps the end of a sandbox's output with its actor.</summary>
    public async Task ArchiveAsync(Sandbox sandbox)
    {
        if (!File.Exists(sandbox.OwnerFile) || !File.Exists(sandbox.Output))
        {
            return;
        }

        var owner = JsonSerializer.Deserialize<SandboxOwner>(await File.ReadAllTextAsync(sandbox.OwnerFile))!;
        if (owner.Atespace.Length == 0)
        {
            // A golden build belongs to no actor; its output is told in the template's status.
            return;
        }

        var archive = ArchiveOf(owner.Key);
        Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
        var before = File.Exists(archive) ? await File.ReadAllBytesAsync(archive) : [];
        byte[] all = [.. before, .. await TailAsync(sandbox.Output, Kept)];
        await File.WriteAllBytesAsync(archive + ".new", all.AsMemory(Math.Max(0, all.Length - Kept)));
        File.Move(archive + ".new", archive, overwrite: true);
    }

    /// <summary>Forgets an actor that was deleted.</summary>
    public void Discard(ActorKey key) => File.Delete(ArchiveOf(key));

    /// <summary>Reads what is kept, then the live file, then what is added while <paramref name="follow"/>.</summary>
    /// <param name="key">The actor.</param>
    /// <param name="live">The actor's live sandbox, asked for again whenever the last one has ended; null while there is none.</param>
    /// <param name="tail">Most bytes to start with; 0 for all.</param>
    /// <param name="follow">Go on until cancelled.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        ActorKey key, Func<Sandbox?> live, long tail, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sandbox = live();
        var archive = ArchiveOf(key);
        byte[] old = File.Exists(archive) ? await File.ReadAllBytesAsync(archive, cancellationToken) : [];
        byte[] now = sandbox is null ? [] : await TailAsync(sandbox.Output, MostLive);
        var position = sandbox is null ? 0L : now.Length;
        byte[] start = [.. old, .. now];
        yield return tail > 0 && tail < start.Length ? start.AsMemory(start.Length - (int)tail) : start;

        while (follow)
        {
            await Task.Delay(FollowInterval, time, cancellationToken);
            var current = live();
            if (current != sandbox)
            {
                (sandbox, position) = (current, 0);
            }

            if (sandbox is null || !File.Exists(sandbox.Output))
            {
                continue;
            }

            using var file = new FileStream(sandbox.Output, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            position = Math.Min(position, file.Length);
            var added = new byte[Math.Min(file.Length - position, 64 * 1024)];
            file.Seek(position, SeekOrigin.Begin);
            await file.ReadExactlyAsync(added, cancellationToken);
            position += added.Length;
            if (added.Length > 0)
            {
                yield return added;
            }
        }
    }

    private string ArchiveOf(ActorKey key) => Path.Combine(paths.Logs, key.Atespace, key.Name + ".log");

    private static async Task<byte[]> TailAsync(string path, int most)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[Math.Min(file.Length, most)];
        file.Seek(-bytes.Length, SeekOrigin.End);
        await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes;
    }
}
