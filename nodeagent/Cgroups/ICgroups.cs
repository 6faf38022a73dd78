namespace Substrate.NodeAgent.Cgroups;

/// <summary>The cgroups of a node's sandboxes: what they use, and the means to stop them.</summary>
internal interface ICgroups
{
    /// <summary>Cgroup path of one sandbox, relative to each hierarchy.</summary>
    string PathOf(string sandbox);

    /// <summary>CPU time that a sandbox used so far; zero when that cannot be told.</summary>
    TimeSpan CpuTime(string sandbox);

    /// <summary>Memory that a sandbox holds, in bytes; zero when that cannot be told.</summary>
    long Memory(string sandbox);

    /// <summary>The kernel's file that stops all sandboxes of the node, and what is written to it; null where there is none.</summary>
    (string File, string Frozen)? NodeFreezer { get; }

    /// <summary>Stops all sandboxes of the node, or lets them go on.</summary>
    /// <returns>False when there is nothing to freeze.</returns>
    bool Freeze(bool frozen);

    /// <summary>Stops one sandbox, or lets it go on.</summary>
    /// <returns>False when it has no cgroup.</returns>
    bool Freeze(string sandbox, bool frozen);

    /// <summary>True when a process is in a sandbox's cgroup.</summary>
    bool Holds(string sandbox, int pid);

    /// <summary>Lets everything go on that an earlier run of the agent stopped.</summary>
    void ThawAll();

    /// <summary>How often the kernel held a sandbox to its limits; zeros when that cannot be told.</summary>
    LimitHits LimitHits(string sandbox);

    /// <summary>Removes a sandbox's cgroups, or with no name those of the node, where no process is left in them.</summary>
    void Remove(string? sandbox);

    /// <summary>Names of the sandboxes that have a cgroup in any hierarchy.</summary>
    IReadOnlyCollection<string> List();
}

/// <summary>How often a sandbox ran into its limits.</summary>
/// <param name="OutOfMemory">Processes of it that the kernel ended for want of memory.</param>
/// <param name="Pids">Processes or threads that it was refused.</param>
internal readonly record struct LimitHits(long OutOfMemory, long Pids);
