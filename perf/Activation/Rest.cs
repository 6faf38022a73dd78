using Substrate.Perf.Installations;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>Brings an actor to where a request is to find it.</summary>
/// <param name="Case">Name of the case.</param>
/// <param name="Title">In words.</param>
/// <param name="EnterAsync">Brings it there, after a request to it.</param>
internal sealed record Rest(string Case, string Title, Func<IInstallation, ActorKey, CancellationToken, Task> EnterAsync)
{
    public static Rest Paused { get; } = new("paused", "paused: the snapshot is on the node's disk", static (i, a, c) => i.PauseAsync(a, c));

    public static Rest Suspended { get; } = new("suspended", "suspended: in the store, and cached on the node", static (i, a, c) => i.SuspendAsync(a, c));

    public static Rest SuspendedCold { get; } = new("suspended-cold", "suspended: in the store alone", static async (i, a, c) =>
    {
        await i.SuspendAsync(a, c);
        var id = (await i.Actors.GetAsync(a))!.Snapshot!.Id;
        foreach (var copy in Directory.EnumerateDirectories(i.Snapshots, id, SearchOption.AllDirectories).ToArray())
        {
            Directory.Delete(copy, recursive: true);
        }
    });

    public static Rest Hot { get; } = new("hot", "running", static (_, _, _) => Task.CompletedTask);

    public static Rest Frozen { get; } = new("frozen", "running, and frozen", static (i, a, c) => SandboxFiles.Of(i, a).UntilFrozenAsync(c));
}
