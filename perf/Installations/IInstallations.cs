namespace Substrate.Perf.Installations;

/// <summary>Starts installations for benchmarks.</summary>
internal interface IInstallations
{
    /// <summary>Starts store, scheduler, node agent and proxy in this process, with a directory and ports of their own; nothing of them stays.</summary>
    Task<IInstallation> StartAsync(InstallationPlan plan, CancellationToken cancellationToken);
}
