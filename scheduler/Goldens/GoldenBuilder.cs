using Microsoft.Extensions.Options;
using Substrate.NodeAgent.V1;
using Substrate.NodeAgents;
using Substrate.Scheduler.Census;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Goldens;

/// <summary>Has one node build one golden snapshot and writes what became of it. A template applied anew meanwhile is left alone.</summary>
internal sealed class GoldenBuilder(
    TemplateStore templates,
    NodeAgentClients agents,
    ImagePull pull,
    StoreClock clock,
    IOptions<SchedulerOptions> options,
    TimeProvider time,
    ILogger<GoldenBuilder> logger)
{
    private const int MostOutput = 4096;
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(5);

    /// <summary>Builds.</summary>
    /// <returns>Why it should be tried again; null when it is settled, by this or by somebody else.</returns>
    public async Task<string?> BuildAsync(TemplateRecord wanted, NodeStatus node, CancellationToken cancellationToken)
    {
        // 1. Mark it, unless it has changed since it was looked at.
        var read = await templates.GetAsync(wanted.Key);
        if (read is null || read.Value.Uid != wanted.Uid || read.Value.Phase != wanted.Phase || read.Value.UpdatedAt != wanted.UpdatedAt)
        {
            return null;
        }

        var marked = read.Value with { Phase = TemplatePhase.Building, Progress = "", UpdatedAt = await clock.NowAsync() };
        if (!await templates.SwapAsync(read.Version, marked))
        {
            return null;
        }

        SchedulerLog.Building(logger, wanted.Key, node.Id);

        // 2. Build, giving signs of life, so that another leader does not take it for abandoned.
        using var beating = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var heartbeat = BeatAsync(wanted, beating.Token);
        NodeAnswer<BuildGoldenReply> answer;
        try
        {
            // The image first: it may take long, and people want to see it coming.
            answer = await pull.PullAsync(node, marked, change => ChangeAsync(wanted, change), cancellationToken)
                ?? await agents.BuildGoldenAsync(node, marked, options.Value.BuildLimit, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            answer = new(null, "this scheduler stops leading");
        }

        await beating.CancelAsync();
        await heartbeat.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // 3. Write the outcome, also when leading has just ended: the next leader goes on at once then.
        var again = answer.Reply is null ? answer.Problem : answer.Reply.Retry ? $"node {node.Id}: {answer.Reply.Reason}" : null;
        await SettleAsync(wanted, again is null ? answer.Reply : null, again ?? "").WaitAsync(LastWrite, time, CancellationToken.None);
        return again;
    }

    private async Task BeatAsync(TemplateRecord wanted, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.Value.BuildAbandoned / 4, time, cancellationToken);
            var now = await clock.NowAsync();
            await ChangeAsync(wanted, record => record with { UpdatedAt = now });
        }
    }

    private async Task SettleAsync(TemplateRecord wanted, BuildGoldenReply? reply, string again)
    {
        var now = await clock.NowAsync();
        var settled = await ChangeAsync(wanted, record => reply switch
        {
            null => record with { Phase = TemplatePhase.Pending, Reason = again, Progress = "", UpdatedAt = now },
            { Built: true } => record with
            {
                Phase = TemplatePhase.Ready,
                Reason = "",
                Progress = "",
                LastOutput = "",
                ImageDigest = reply.ImageDigest,
                GoldenSnapshot = reply.Snapshot,
                GoldenBytes = reply.Bytes,
                UpdatedAt = now,
            },
            _ => record with
            {
                Phase = TemplatePhase.Failed,
                Reason = reply.Reason,
                Progress = "",
                LastOutput = Tail(reply.LastOutput),
                ImageDigest = reply.ImageDigest.Length > 0 ? reply.ImageDigest : record.ImageDigest,
                UpdatedAt = now,
            },
        });
        switch (settled?.Phase)
        {
            case TemplatePhase.Ready:
                SchedulerLog.TemplateReady(logger, wanted.Key, settled.GoldenSnapshot, settled.GoldenBytes);
                break;
            case TemplatePhase.Failed:
                SchedulerLog.TemplateFailed(logger, wanted.Key, settled.Reason);
                break;
        }
    }

    // Null when the template is no longer this application of the manifest, or no longer being built.
    private async Task<TemplateRecord?> ChangeAsync(TemplateRecord wanted, Func<TemplateRecord, TemplateRecord> change)
    {
        while (await templates.GetAsync(wanted.Key) is { } read && read.Value.Uid == wanted.Uid && read.Value.Phase == TemplatePhase.Building)
        {
            var changed = change(read.Value);
            if (await templates.SwapAsync(read.Version, changed))
            {
                return changed;
            }
        }

        return null;
    }

    private static string Tail(string output) => output.Length <= MostOutput ? output : output[^MostOutput..];
}
