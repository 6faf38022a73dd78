using Substrate.NodeAgent.Cgroups;
using Substrate.NodeAgent.Runtime;
using Substrate.NodeAgent.Sandboxes;

namespace Substrate.NodeAgent.Recovery;

/// <summary>What an earlier run of the agent left that was not taken over.</summary>
internal sealed class Leftovers(NodePaths paths, ISandboxRuntime runtime, SandboxFactory factory, Survivors survivors, ICgroups cgroups)
{
    private const int Parallel = 8;

    /// <summary>Keeps the memory of actors whose record stands by them although they cannot be taken over as they are.</summary>
    /// <returns>How many were kept.</returns>
    public async Task<int> KeepAsync(IReadOnlySet<string> adopted, CancellationToken cancellationToken)
    {
        var kept = 0;
        foreach (var directory in Directory.GetDirectories(paths.Sandboxes).Where(d => !adopted.Contains(Path.GetFileName(d))))
        {
            // One that no actor took has no owner, or a golden build for one.
            if (SandboxFacts.Read<SandboxOwner>(directory, Sandbox.OwnerName) is { Atespace.Length: > 0 } owner
                && await survivors.KeepAsync(Path.GetFileName(directory), owner, cancellationToken))
            {
                kept++;
            }
        }

        return kept;
    }

    /// <summary>Removes every sandbox but those.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RemoveAsync(IReadOnlySet<string> adopted, CancellationToken cancellationToken)
    {
        string[] left =
        [
            .. Directory.GetDirectories(paths.Sandboxes).Select(static d => Path.GetFileName(d))
                .Concat(await runtime.ListAsync(cancellationToken))
                .Concat(cgroups.List())
                .Where(id => !adopted.Contains(id))
                .Distinct(StringComparer.Ordinal),
        ];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            left,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (id, token) => await factory.RemoveAsync(id, token));
        return left.Length;
    }
}
