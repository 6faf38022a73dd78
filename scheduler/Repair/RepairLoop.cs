using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Repair;

/// <summary>Undoes activations that are overdue, so that no actor stays stuck when no request asks for it.</summary>
internal sealed class RepairLoop(CensusReader census, ActorStore actors, ILogger<RepairLoop> logger) : ILoop
{
    public string Name => "repair";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var record in OverdueDecision.Overdue(await census.ReadAsync(cancellationToken)))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // The store judges the deadline again, in one step with the change.
            var failed = await actors.FailOverdueAsync(record.Key, record.Epoch);
            SchedulerMetrics.Decided(Name, "fail-overdue", failed.Outcome.ToString());
            if (failed.Done)
            {
                SchedulerLog.Overdue(logger, record.Key, record.Node);
            }
        }
    }
}
