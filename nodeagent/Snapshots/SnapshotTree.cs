using System.Security.Cryptography;
using System.Text;

namespace Substrate.NodeAgent.Snapshots;

/// <summary>Where snapshots are in a directory: <c>OWNER/ID/</c>, with everything that is not whole yet below <c>.staged</c>.</summary>
internal sealed class SnapshotTree(string directory)
{
    /// <summary>No owner starts with a dot.</summary>
    private const string StagedName = ".staged";

    public string Root { get; } = Path.GetFullPath(directory);

    public string Staged => Path.Combine(Root, StagedName);

    /// <summary>Path of a directory to prepare <paramref name="name"/> in. Its first half tells which snapshot, its second which attempt.</summary>
    public string NewStagedPath(SnapshotName name) => Path.Combine(Staged, $"{Mark(name)}.{Guid.NewGuid():N}");

    /// <summary>Removes what earlier attempts at <paramref name="name"/> left behind.</summary>
    public void RemoveStaged(SnapshotName name)
    {
        if (Directory.Exists(Staged))
        {
            foreach (var left in Directory.EnumerateDirectories(Staged, $"{Mark(name)}.*"))
            {
                Discard(left, name);
            }
        }
    }

    public string PathOf(SnapshotName name) => Path.Combine(Root, name.ToString());

    /// <summary>True when the snapshot is there and whole: the manifest is what is written last and removed first.</summary>
    public bool Has(SnapshotName name) => File.Exists(Path.Combine(PathOf(name), ManifestFile.FileName));

    /// <summary>Makes <paramref name="staged"/> the snapshot's directory, in one step. False when there is one already.</summary>
    public bool Publish(string staged, SnapshotName name)
    {
        var target = PathOf(name);
        // Removal of the owner's last snapshot takes the owner's directory along and may come in between.
        for (var attempt = 0; ; attempt++)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                Directory.Move(staged, target);
                return true;
            }
            catch (IOException) when (Has(name))
            {
                return false;
            }
            catch (DirectoryNotFoundException) when (attempt < 3 && Directory.Exists(staged))
            {
                continue;
            }
        }
    }

    /// <summary>Removes a snapshot: moved out of sight in one step, then deleted; and the owner's directories when they are empty then.</summary>
    public void Remove(SnapshotName name)
    {
        var path = PathOf(name);
        if (!Directory.Exists(path))
        {
            return;
        }

        Directory.CreateDirectory(Staged);
        Discard(path, name);
        for (var parent = Path.GetDirectoryName(path)!; parent.Length > Root.Length; parent = Path.GetDirectoryName(parent)!)
        {
            try
            {
                Directory.Delete(parent);
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    /// <summary>Every whole snapshot, or those of one owner.</summary>
    public IEnumerable<SnapshotName> List(string? owner = null)
    {
        var below = owner is null ? Root : Path.Combine(Root, owner);
        if (!Directory.Exists(below))
        {
            return [];
        }

        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 6,
            AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden,
        };
        return Directory.EnumerateFiles(below, ManifestFile.FileName, options)
            .Select(file => SnapshotName.TryParse(Path.GetRelativePath(Root, Path.GetDirectoryName(file)!), out var name) ? name : (SnapshotName?)null)
            .OfType<SnapshotName>();
    }

    // Renamed before it is emptied: whoever may still be filling it loses it as a whole and can never publish what is left of it.
    private void Discard(string path, SnapshotName name)
    {
        var doomed = NewStagedPath(name);
        try
        {
            Directory.Move(path, doomed);
            Directory.Delete(doomed, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else discarded it in between.
        }
    }

    // Names can be longer than a file name may be.
    private static string Mark(SnapshotName name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(name.ToString())).AsSpan(0, 16));
}
