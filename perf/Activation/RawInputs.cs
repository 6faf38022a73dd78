using Substrate.Perf.Installations;
using Substrate.Perf.Suites;
using Substrate.State.Actors;

namespace Substrate.Perf.Activation;

/// <summary>Takes what a raw restore needs from an installation whose actor is paused.</summary>
internal static class RawInputs
{
    /// <exception cref="BenchException">The snapshot or a bundle is not where it should be.</exception>
    public static async Task<RawRestoreInputs> TakeAsync(IInstallation installation, ActorKey actor, CancellationToken cancellationToken)
    {
        var id = (await installation.Actors.GetAsync(actor))?.Snapshot?.Id
            ?? throw new BenchException($"actor {actor} has no snapshot on the node's disk");
        var snapshot = Directory.EnumerateDirectories(installation.Snapshots, id, SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new BenchException($"snapshot '{id}' is not below {installation.Snapshots}");
        var config = Directory.EnumerateFiles(installation.Bundles, "config.json", SearchOption.AllDirectories).FirstOrDefault()
            ?? throw new BenchException($"no bundle is below {installation.Bundles}");

        // The node keeps only the newest snapshot of an actor: the one that is measured has to outlive it.
        var work = Directory.CreateDirectory(Path.Combine(installation.Work, "raw")).FullName;
        var copy = Directory.CreateDirectory(Path.Combine(work, "snapshot")).FullName;
        foreach (var file in Directory.EnumerateFiles(snapshot))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return new RawRestoreInputs(installation.Runsc, await File.ReadAllTextAsync(config, cancellationToken), copy, work);
    }
}
