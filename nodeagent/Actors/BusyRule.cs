namespace Substrate.NodeAgent.Actors;

/// <summary>What one look at a sandbox finds.</summary>
/// <param name="Flows">Connections that are open or opening.</param>
/// <param name="Packets">Packets sent to it so far.</param>
/// <param name="CpuTime">CPU time it used so far; zero when that cannot be told.</param>
internal readonly record struct Sight(int Flows, long Packets, TimeSpan CpuTime);

/// <summary>Says what counts as work.</summary>
internal static class BusyRule
{
    /// <summary>
    /// Share of a core above which an actor counts as computing. A sandbox with nothing to do uses about 4% for its own timers.
    /// </summary>
    private const double Computing = 0.2;

    /// <summary>What moved within this time counts whatever the template says.</summary>
    private static readonly TimeSpan Moving = TimeSpan.FromSeconds(1);

    /// <summary>True when the sandbox used CPU as nothing idle does.</summary>
    /// <param name="before">The look before this one.</param>
    /// <param name="now">This look.</param>
    /// <param name="elapsed">Time between them.</param>
    public static bool Computes(in Sight before, in Sight now, TimeSpan elapsed) =>
        before.CpuTime > TimeSpan.Zero && elapsed > TimeSpan.Zero && (now.CpuTime - before.CpuTime) / elapsed > Computing;

    /// <summary>How many of the open connections count as work: none once they were silent for too long.</summary>
    /// <param name="flows">Connections that are open.</param>
    /// <param name="silent">Time since a packet was last seen.</param>
    /// <param name="openStreams">How long an open but silent connection counts.</param>
    public static int FlowsAtWork(int flows, TimeSpan silent, TimeSpan openStreams) => silent < openStreams || silent < Moving ? flows : 0;
}
