using System.Text.Json;
using Substrate.NodeAgent.Files;
using Substrate.NodeAgent.Snapshots;
using Substrate.State.Actors;

namespace Substrate.NodeAgent.Runtime;

/// <summary>What a checkpoint is to become.</summary>
/// <param name="Atespace">The actor's atespace.</param>
/// <param name="Name">The actor's name.</param>
/// <param name="Id">Id of the snapshot.</param>
/// <param name="Facts">What the snapshot will say of itself.</param>
internal sealed record CheckpointIntent(string Atespace, string Name, string Id, SnapshotFacts Facts)
{
    public ActorKey Key => new(Atespace, Name);

    public SnapshotName Snapshot => SnapshotName.ForActor(Key, Id);
}

/// <summary>
/// A checkpoint being taken, readable by an agent that starts after this one was killed: <c>intent.json</c> says what it is to become,
/// <c>lock</c> is held by the command while it runs, <c>image/</c> is what the command writes, and <c>pending</c> is renamed to
/// <c>whole</c> when the command has succeeded. It holds the machine's boot id: what was not flushed is not trusted after a power failure.
/// </summary>
internal sealed class CheckpointDirectory(string path)
{
    private static readonly string Boot = File.ReadAllText("/proc/sys/kernel/random/boot_id");

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Id of the sandbox that is checkpointed.</summary>
    public string Sandbox => Path.GetFileName(path);

    public string Image => Path.Combine(path, "image");

    public string Lock => Path.Combine(path, "lock");

    public string Pending => Path.Combine(path, "pending");

    public string Whole => Path.Combine(path, "whole");

    private string IntentFile => Path.Combine(path, "intent.json");

    /// <summary>Makes an empty one. The marker is written now, since a full disk can be renamed in but not written to.</summary>
    /// <exception cref="RunscException">The disk cannot be used.</exception>
    public static CheckpointDirectory Create(string path, CheckpointIntent intent)
    {
        var directory = new CheckpointDirectory(path);
        try
        {
            directory.Delete();
            PrivateDirectory.Create(directory.Image);
            File.WriteAllText(directory.Pending, Boot);
            File.WriteAllText(directory.IntentFile, JsonSerializer.Serialize(intent));
            return directory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            directory.Delete();
            throw new RunscException($"there is no room for a checkpoint in {path}: {e.Message}");
        }
    }

    /// <summary>What it was to become; null when it was not even begun.</summary>
    public CheckpointIntent? Intent()
    {
        try
        {
            return JsonSerializer.Deserialize<CheckpointIntent>(File.ReadAllText(IntentFile));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    /// <summary>True when the command wrote all of it, and the machine has not been restarted since.</summary>
    public bool IsWhole() => File.Exists(Whole) && File.ReadAllText(Whole) == Boot;

    /// <summary>Waits for a command that an earlier agent began and that outlived it.</summary>
    /// <returns>False when it has not ended in time.</returns>
    public async Task<bool> EndedAsync(TimeSpan bound, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (File.Exists(Lock) && !Free())
        {
            if (time.GetElapsedTime(start) > bound)
            {
                return false;
            }

            await Task.Delay(Interval, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Removes the manifest of an attempt to commit that did not get as far as the rename.</summary>
    public void ForgetManifest() => File.Delete(Path.Combine(Image, ManifestFile.FileName));

    public void Delete()
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    // The runtime's command holds it by flock(2), which is what a file shared with nobody takes here.
    private bool Free()
    {
        try
        {
            using var _ = new FileStream(Lock, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
