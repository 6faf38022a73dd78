namespace Substrate.Perf.Load;

/// <summary>Sends loads.</summary>
internal interface ILoadGenerator
{
    /// <summary>Sends the plan's requests and waits for the answers.</summary>
    Task<LoadReport> RunAsync(LoadPlan plan, CancellationToken cancellationToken);
}
