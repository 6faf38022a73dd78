using Substrate.Scheduler.Api;
using Substrate.Scheduler.Census;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Templates;

/// <summary>A template after it was applied.</summary>
/// <param name="Record">The record as it is now.</param>
/// <param name="Result"><c>created</c>, <c>configured</c> or <c>unchanged</c>.</param>
internal sealed record Applied(TemplateRecord Record, string Result);

/// <summary>Applies manifests: none of them is written before all of them are known to be acceptable.</summary>
internal sealed class TemplateApplier(TemplateStore templates, StoreClock clock, ILogger<TemplateApplier> logger)
{
    public async Task<IReadOnlyList<Applied>> ApplyAsync(IReadOnlyList<ManifestTemplate> wanted, CancellationToken cancellationToken)
    {
        foreach (var template in wanted)
        {
            Decide(template, (await templates.GetAsync(template.Key))?.Value);
        }

        var applied = new List<Applied>(wanted.Count);
        foreach (var template in wanted)
        {
            applied.Add(await ApplyAsync(template, cancellationToken));
        }

        return applied;
    }

    private async Task<Applied> ApplyAsync(ManifestTemplate template, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = await templates.GetAsync(template.Key);
            var result = Decide(template, read?.Value);
            if (result is "unchanged" && read!.Value is { Phase: not TemplatePhase.Failed, Deleting: false })
            {
                return new(read.Value, result);
            }

            // Whoever swaps in between is looked at again, so that no state is overwritten unseen.
            var record = await FreshAsync(template);
            if (await templates.SwapAsync(read?.Version ?? 0, record))
            {
                SchedulerLog.Applied(logger, template.Key, result);
                return new(record, result);
            }
        }
    }

    private static string Decide(ManifestTemplate template, TemplateRecord? known)
    {
        if (known is null)
        {
            return "created";
        }

        var before = ManifestWriter.Write(known.Key, known.Spec);
        return before == template.Canonical ? "unchanged"
            : known.Phase == TemplatePhase.Failed ? "configured"
            : throw ApiErrors.TemplateImmutable(template.Key, ManifestDifference.First(before, template.Canonical));
    }

    // A new identity each time: what an earlier attempt may still write is fenced by it.
    private async Task<TemplateRecord> FreshAsync(ManifestTemplate template)
    {
        var now = await clock.NowAsync();
        return new TemplateRecord
        {
            Key = template.Key,
            Uid = Guid.NewGuid().ToString("N"),
            Spec = template.Spec,
            Manifest = template.Canonical,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }
}
