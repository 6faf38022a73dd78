using Microsoft.Extensions.Options;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Nodes;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Scheduler.Goldens;

/// <summary>Sees to it that every applied template gets its golden snapshot: different templates side by side, within a bound.</summary>
internal sealed class GoldenLoop(
    TemplateStore templates,
    NodeRegistry nodes,
    GoldenBuilder builder,
    StoreClock clock,
    Actuator actuator,
    IOptions<SchedulerOptions> options,
    TimeProvider time,
    ILogger<GoldenLoop> logger) : ILoop
{
    private readonly Dictionary<string, Build> _builds = new(StringComparer.Ordinal);

    public string Name => "goldens";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var all = await templates.ListAsync();
        Tidy(all);
        var now = await clock.NowAsync();
        var wanted = all.Where(t => GoldenDecision.Wanted(t, now, options.Value.BuildAbandoned)).Where(t => !Holds(t.Uid)).ToList();
        if (wanted.Count == 0)
        {
            return;
        }

        var leases = await nodes.ListAsync();
        foreach (var template in wanted)
        {
            if (_builds.Values.Count(static b => !b.Task.IsCompleted) >= options.Value.ParallelGoldens)
            {
                break;
            }

            var build = _builds.GetValueOrDefault(template.Uid) ?? new Build();
            if (GoldenDecision.Choose(leases, template.Spec.NodeSelector, build.Node) is { } node && actuator.Allows(Name, "build", template.Key.ToString()))
            {
                _builds[template.Uid] = build;
                build.Node = node.Id;
                build.Task = Task.Run(() => BuildAsync(build, template, node, cancellationToken), CancellationToken.None);
            }
        }
    }

    public async Task EndAsync()
    {
        await Task.WhenAll(_builds.Values.Select(static b => b.Task)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _builds.Clear();
    }

    // True while it is being built here, or rests after an attempt.
    private bool Holds(string uid) =>
        _builds.TryGetValue(uid, out var build)
        && (!build.Task.IsCompleted || (build.Attempts > 0 && time.GetElapsedTime(build.Ended) < GoldenDecision.Pause(build.Attempts)));

    private async Task BuildAsync(Build build, TemplateRecord template, NodeStatus node, CancellationToken cancellationToken)
    {
        try
        {
            var again = await builder.BuildAsync(template, node, cancellationToken);
            SchedulerMetrics.Decided(Name, "build", again is null ? "Settled" : "Retry");
            build.Attempts = again is null ? 0 : build.Attempts + 1;
            if (again is not null)
            {
                SchedulerLog.TemplateRetried(logger, template.Key, GoldenDecision.Pause(build.Attempts), again);
            }
        }
        catch
        {
            // The store is away; the record keeps saying Building and is taken up again once it looks abandoned.
            SchedulerMetrics.Decided(Name, "build", "Error");
            build.Attempts++;
            throw;
        }
        finally
        {
            build.Ended = time.GetTimestamp();
        }
    }

    // Surfaces errors of builds that ended, and forgets those of templates that are settled.
    private void Tidy(IReadOnlyList<TemplateRecord> all)
    {
        var open = all.Where(static t => t.Phase is TemplatePhase.Pending or TemplatePhase.Building).Select(static t => t.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var (uid, build) in _builds.Where(b => b.Value.Task.IsCompleted && !open.Contains(b.Key)).ToList())
        {
            _builds.Remove(uid);
        }

        foreach (var build in _builds.Values.Where(static b => b.Task.IsFaulted))
        {
            SchedulerLog.LoopFailed(logger, Name, build.Task.Exception!);
            build.Task = Task.CompletedTask;
        }
    }

    private sealed class Build
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public string Node { get; set; } = "";

        public int Attempts { get; set; }

        public long Ended { get; set; }
    }
}
