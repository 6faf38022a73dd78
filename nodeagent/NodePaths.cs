namespace Substrate.NodeAgent;

/// <summary>Where a node keeps things. What must outlive a reboot is below the data directory, what belongs to live sandboxes below the run directory.</summary>
internal sealed class NodePaths
{
    public NodePaths(NodeOptions options)
    {
        Data = Path.GetFullPath(options.DataDirectory);
        Run = Path.GetFullPath(options.EffectiveRunDirectory);
        foreach (var directory in new[] { Data, Run, Runtime, Sandboxes, Images, Snapshots, Checkpoints, Output, Logs })
        {
            // Other users of the machine must not read what actors wrote or hold in memory.
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Data { get; }

    public string Run { get; }

    /// <summary>State and control sockets of the sandbox runtime.</summary>
    public string Runtime => Path.Combine(Run, "runsc");

    /// <summary>One directory per sandbox: its bundle, identity and pid.</summary>
    public string Sandboxes => Path.Combine(Run, "sandboxes");

    public string Images => Path.Combine(Data, "images");

    public string Snapshots => Path.Combine(Data, "snapshots");

    /// <summary>Checkpoints being taken, one directory per sandbox; beside the snapshots, since they become some by a rename.</summary>
    public string Checkpoints => Path.Combine(Data, "checkpoints");

    /// <summary>Output of live sandboxes, one file each.</summary>
    public string Output => Path.Combine(Data, "output");

    /// <summary>Output of actors over all their sandboxes, one file per actor.</summary>
    public string Logs => Path.Combine(Data, "logs");

    /// <summary>Held by the one agent that uses the data directory.</summary>
    public string Lock => Path.Combine(Data, "lock");

    /// <summary>Held by the one agent of that name on this machine. Beside the run directory, which is removed when the agent stops.</summary>
    public string RunLock => Run + ".lock";

    public string Incarnation => Path.Combine(Data, "incarnation");

    public string Ports => Path.Combine(Data, "ports");

    public string ResolvConf => Path.Combine(Run, "resolv.conf");

    /// <summary>Removes the directory that the run directories of all nodes are in, if this was the last one.</summary>
    public void RemoveEmptyParent()
    {
        var parent = Path.GetDirectoryName(Run)!;
        if (Path.GetFileName(parent) == "substrate" && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any())
        {
            Directory.Delete(parent);
        }
    }
}
