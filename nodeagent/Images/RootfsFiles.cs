namespace Substrate.NodeAgent.Images;

/// <summary>
/// Reads files of an unpacked image. The image's symbolic links are followed as the image means them, from its own root, so that
/// a hostile one reads nothing of the host.
/// </summary>
internal static class RootfsFiles
{
    private const int MaxLinks = 40;
    private const long MaxBytes = 1024 * 1024;

    /// <summary>The lines of a small text file; none when it is missing, is no file, or is larger than a megabyte.</summary>
    public static string[] ReadLines(string rootfs, string path)
    {
        var file = Resolve(rootfs, path);
        // Length 0 also keeps a FIFO from being opened, which would wait for a writer.
        return file is { Exists: true, Length: > 0 and <= MaxBytes } ? File.ReadAllLines(file.FullName) : [];
    }

    /// <summary>Where a path of the image is on the host; null when its links go round in circles.</summary>
    public static FileInfo? Resolve(string rootfs, string path)
    {
        var pending = new Stack<string>(Parts(path).Reverse());
        var current = new List<string>();
        for (var links = 0; pending.TryPop(out var part);)
        {
            if (part == "..")
            {
                current = current[..^Math.Min(1, current.Count)];
                continue;
            }

            var link = new FileInfo(Path.Combine([rootfs, .. current, part])).LinkTarget;
            if (link is null)
            {
                current.Add(part);
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            if (link.StartsWith('/'))
            {
                current.Clear();
            }

            foreach (var piece in Parts(link).Reverse())
            {
                pending.Push(piece);
            }
        }

        return new FileInfo(Path.Combine([rootfs, .. current]));
    }

    private static IEnumerable<string> Parts(string path) =>
        path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(static part => part != ".");
}
