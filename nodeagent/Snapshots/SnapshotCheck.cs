using Substrate.NodeAgent.Images;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>What must hold before a snapshot is restored.</summary>
internal static class SnapshotCheck
{
    /// <exception cref="SnapshotException">This node's runtime or machine cannot restore it.</exception>
    public static void Fits(SnapshotManifest manifest, SnapshotName name, string runtime)
    {
        if (manifest.Runtime.Version != runtime)
        {
            throw new SnapshotException(
                SnapshotProblem.Incompatible,
                $"snapshot {name} was taken by {manifest.Runtime.Name} {manifest.Runtime.Version}, this node has {runtime}; a snapshot restores only with the version that took it");
        }

        if (manifest.Architecture != MachineArchitecture.Name)
        {
            throw new SnapshotException(
                SnapshotProblem.Incompatible,
                $"snapshot {name} was taken on {manifest.Architecture}, this node is {MachineArchitecture.Name}");
        }
    }

    /// <exception cref="SnapshotException">A file is missing, of another size, has other content, or does not belong.</exception>
    public static Task IsWholeAsync(SnapshotManifest manifest, SnapshotName name, string directory, CancellationToken cancellation)
    {
        string? extra;
        try
        {
            extra = Directory.EnumerateFileSystemEntries(directory).Select(static path => Path.GetFileName(path))
                .FirstOrDefault(entry => entry is not (ManifestFile.FileName or LocalSnapshots.StoredMark) && manifest.Files.All(file => file.StoredName != entry));
        }
        catch (DirectoryNotFoundException)
        {
            // Deleted since its manifest was read.
            throw SnapshotException.Missing(name, directory);
        }

        if (extra is not null)
        {
            throw SnapshotException.Corrupt(name, extra, "its manifest does not list it");
        }

        return Task.WhenAll(manifest.Files.Select(file => Task.Run(() => IsWhole(file, name, directory, cancellation), cancellation)));
    }

    private static void IsWhole(SnapshotFile file, SnapshotName name, string directory, CancellationToken cancellation)
    {
        var path = Path.Combine(directory, file.Name);
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            throw SnapshotException.Corrupt(name, path, "it is missing");
        }

        if (info.LinkTarget is not null || info.Length != file.RawBytes)
        {
            throw SnapshotException.Corrupt(name, path, $"it has {info.Length} bytes instead of {file.RawBytes}");
        }

        try
        {
            var hash = RawHash.OfFile(path, cancellation);
            if (hash != file.Hash)
            {
                throw SnapshotException.Corrupt(name, path, $"its content has hash {hash} instead of {file.Hash}");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SnapshotException.Corrupt(name, path, e.Message, e);
        }
    }
}
