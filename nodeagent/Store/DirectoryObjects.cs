using System.Runtime.CompilerServices;
using Substrate.NodeAgent.Files;

namespace Substrate.NodeAgent.Store;

/// <summary>Objects as files of a directory that all nodes see. Several processes may use it at once.</summary>
internal sealed class DirectoryObjects : IObjectStore
{
    /// <summary>What is not whole yet. No key starts with a dot.</summary>
    private const string StagedName = ".staged";

    private readonly TimeProvider _time;

    /// <param name="directory">Made when missing. When that fails, or it vanishes later, every call says so.</param>
    /// <param name="time">Clock that leftovers are judged by.</param>
    public DirectoryObjects(string directory, TimeProvider time)
    {
        Place = Path.GetFullPath(directory);
        _time = time;
        try
        {
            PrivateDirectory.Create(Place);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Reported by the calls: a store that is away delays snapshots and must not keep a node from starting.
        }
    }

    public string Place { get; }

    public Task PutAsync(string key, string file, CancellationToken cancellation) => DoAsync(
        () =>
        {
            using var source = File.OpenRead(file);
            Put(key, source.CopyTo);
            return true;
        },
        cancellation);

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation) => DoAsync(
        () =>
        {
            Put(key, target => target.Write(content.Span));
            return true;
        },
        cancellation);

    public Task<byte[]> ReadAsync(string key, int most, CancellationToken cancellation) => DoAsync(
        () => new FileInfo(PathOf(key)).Length <= most
            ? File.ReadAllBytes(PathOf(key))
            : throw new IOException($"{PathOf(key)} is larger than {most} bytes"),
        cancellation);

    public Task<Stream> OpenAsync(string key, long bytes, CancellationToken cancellation) => DoAsync<Stream>(
        () => new FileStream(
            PathOf(key), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 0, FileOptions.SequentialScan | FileOptions.Asynchronous),
        cancellation);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellation) => DoAsync(() => File.Exists(PathOf(key)), cancellation);

    public Task CopyAsync(string from, string to, CancellationToken cancellation) => PutAsync(to, PathOf(from), cancellation);

    public Task DeleteAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation) => DoAsync(
        () =>
        {
            foreach (var key in keys)
            {
                Remove(PathOf(key));
            }

            return true;
        },
        cancellation);

    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = await DoAsync(() => List(prefix), cancellation);
        foreach (var one in found)
        {
            yield return one;
        }
    }

    public Task SweepAsync(TimeSpan age, CancellationToken cancellation) => DoAsync(
        () =>
        {
            var staged = new DirectoryInfo(Path.Combine(Place, StagedName));
            var before = _time.GetUtcNow().UtcDateTime - age;
            foreach (var left in staged.Exists ? staged.EnumerateFiles().Where(f => f.LastWriteTimeUtc < before) : [])
            {
                left.Delete();
            }

            return true;
        },
        cancellation);

    private string PathOf(string key) => Path.Combine(Place, key);

    private List<StoredObject> List(string prefix)
    {
        var below = new DirectoryInfo(PathOf(prefix));
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };
        return below.Exists
            ? [.. below.EnumerateFiles("*", options).Select(f => new StoredObject(Path.GetRelativePath(Place, f.FullName), f.Length, f.LastWriteTimeUtc))]
            : [];
    }

    // Written aside, brought to the disk, and only then given its name; the name is brought to the disk too.
    private void Put(string key, Action<Stream> write)
    {
        var target = PathOf(key);
        var staged = Path.Combine(PrivateDirectory.Create(Path.Combine(Place, StagedName)), Guid.NewGuid().ToString("N"));
        try
        {
            using (var file = new FileStream(staged, FileMode.CreateNew, FileAccess.Write))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            Publish(staged, target);
        }
        finally
        {
            File.Delete(staged);
        }
    }

    private void Publish(string staged, string target)
    {
        var parent = Path.GetDirectoryName(target)!;
        for (var attempt = 0; ; attempt++)
        {
            Directory.CreateDirectory(parent);
            try
            {
                File.Move(staged, target, overwrite: true);
                Durability.FlushUpTo(parent, Place);
                return;
            }
            catch (Exception e) when (attempt < 3 && File.Exists(staged) && e is DirectoryNotFoundException or FileNotFoundException)
            {
                // Removal of the directory's last object takes the directory along and may come in between.
            }
        }
    }

    private void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            return;
        }

        for (var parent = Path.GetDirectoryName(path)!; parent.Length > Place.Length; parent = Path.GetDirectoryName(parent)!)
        {
            try
            {
                Directory.Delete(parent);
            }
            catch (IOException)
            {
                // It holds something else, or somebody else removed it.
                return;
            }
        }
    }

    // On a thread of the pool: a directory may be a network file system that takes its time.
    private Task<T> DoAsync<T>(Func<T> action, CancellationToken cancellation) => Task.Run(
        () =>
        {
            if (!Directory.Exists(Place))
            {
                throw new IOException($"there is no directory {Place}; mount it or create it");
            }

            try
            {
                return action();
            }
            catch (Exception e) when (e is DirectoryNotFoundException)
            {
                throw new FileNotFoundException(e.Message, e);
            }
            catch (UnauthorizedAccessException e)
            {
                throw new IOException(e.Message, e);
            }
        },
        cancellation);
}
