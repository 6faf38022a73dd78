using System.Diagnostics;

namespace Substrate.NodeAgent.Faults;

/// <summary>Steps at which a fault test may end the agent.</summary>
internal enum FaultPoint
{
    /// <summary>An activation has its slot.</summary>
    Admitted,

    /// <summary>Its process answers; the record says RESUMING.</summary>
    Restored,

    /// <summary>The record says RUNNING; the caller has no answer yet.</summary>
    Published,

    /// <summary>The record says that the actor is being suspended.</summary>
    Begun,

    /// <summary>The port refuses and no connection is open.</summary>
    Quiet,

    /// <summary>The checkpoint is on disk, the sandbox has ended, and there is no snapshot yet.</summary>
    Checkpointed,

    /// <summary>The snapshot is whole; the record does not point to it yet.</summary>
    Kept,

    /// <summary>The record points to the snapshot; the sandbox is not taken apart yet.</summary>
    Committed,

    /// <summary>A start has the node's lease and has touched nothing.</summary>
    Joined,

    /// <summary>A start has adopted what it could, and has not removed the rest.</summary>
    Adopted,
}

/// <summary>
/// Ends this process with SIGKILL at a named step: the proof that any instruction may be the last one. A test writes the step's name
/// to the file; the step removes it first, so that the next run of the agent does not end there as well.
/// </summary>
/// <param name="file">Where the step is named; empty, as always outside tests, turns this off.</param>
internal sealed class FaultPoints(string file)
{
    public void Reach(FaultPoint point)
    {
        if (file.Length > 0 && File.Exists(file) && File.ReadAllText(file) == point.ToString())
        {
            File.Delete(file);
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }
}
