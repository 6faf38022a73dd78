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

    /// <summary>Stops all sandboxes of the node, or lets them go on.</summary>
    /// <returns>False when there is nothing to freeze.</returns>
    bool Freeze(bool frozen);

    /// <summary>Removes a sandbox's cgroups, or with no name those of the node, where no process is left in them.</summary>
    void Remove(string? sandbox);

    /// <summary>Names of the sandboxes that have a cgroup in any hierarchy.</summary>
    IReadOnlyCollection<string> List();
}
