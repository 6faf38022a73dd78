namespace Substrate.Perf.Installations;

/// <summary>How an installation for a benchmark is to be set up.</summary>
/// <param name="Slots">Actors that may run at once.</param>
internal sealed record InstallationPlan(int Slots)
{
    /// <summary>Manifests to apply, as paths; each one's golden snapshots are ready before the start has ended. Empty for the counter demo alone.</summary>
    public IReadOnlyList<string> Manifests { get; init; } = [];

    /// <summary>Options above the usual ones, for instance <c>Node:Warm</c>.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}
