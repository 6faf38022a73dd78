using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Actors;
using Substrate.State.Atespaces;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Quotas;

/// <summary>
/// Keeps the ledgers of what runs true: counts what was live before its atespace got a quota, and takes out what is at rest, so that the use
/// that people are shown is the use.
/// </summary>
internal sealed class QuotaLoop(CensusReader census, RunningQuota quota, AtespaceFeed feed, TemplateCache templates) : ILoop
{
    public string Name => "quotas";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var limited = feed.Current.Keys.Where(quota.Limited).ToHashSet(StringComparer.Ordinal);
        if (limited.Count == 0)
        {
            return;
        }

        foreach (var record in (await census.ReadAsync(cancellationToken)).Nodes.SelectMany(static node => node.Members).Select(static member => member.Record).OfType<ActorRecord>())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var live = record.State is not (ActorState.Suspended or ActorState.Paused);
            if (live && limited.Contains(record.Key.Atespace) && await templates.GetAsync(record.Template) is { } template)
            {
                await quota.CountAsync(record, template.Spec);
            }
        }

        foreach (var atespace in limited)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await quota.PruneAsync(atespace))
            {
                SchedulerMetrics.Decided(Name, "release", "Ok");
            }
        }
    }
}
