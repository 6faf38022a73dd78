using System.Text.Json;
using Microsoft.Extensions.Options;
using Substrate.Scheduler.Actuation;
using Substrate.Scheduler.Leadership;
using Substrate.State.Placement;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Planning;

/// <summary>Makes the plan anew at each round, publishes it when it has changed, and shows what each pool needs.</summary>
internal sealed class PlanLoop(
    NodeRegistry nodes,
    PlanStore plans,
    LeaderToken leader,
    Actuator actuator,
    IOptions<SchedulerOptions> options,
    TimeProvider time,
    ILogger<PlanLoop> logger) : ILoop
{
    private readonly Dictionary<string, long> _excessSince = new(StringComparer.Ordinal);
    private ClusterPlan? _published;

    public string Name => "plan";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        var previous = _published ??= await plans.GetAsync();
        var rules = new PlanRules(options.Value.Spread, options.Value.Headroom, options.Value.WarmPerNode, options.Value.WarmRefill);
        var pools = PlanDecision.Order(await nodes.ListAsync(), previous);
        foreach (var (pool, ordered) in pools)
        {
            var need = PoolNeed.Of(ordered, rules.Headroom);
            Watch(pool, need);
            SchedulerMetrics.Pool(pool, need, previous.Pools.GetValueOrDefault(pool)?.Emptying.Length ?? 0);
        }

        foreach (var gone in previous.Pools.Keys.Except(pools.Keys))
        {
            SchedulerMetrics.Pool(gone, default, 0);
            _excessSince.Remove(gone);
        }

        var plan = PlanDecision.Make(pools, previous, rules, Settled);
        if (Same(plan, previous) || !actuator.Allows(Name, "publish", JsonSerializer.Serialize(plan)))
        {
            return;
        }

        var version = await plans.PublishAsync(leader.Current, plan);
        SchedulerMetrics.Decided(Name, "publish", version == 0 ? "Fenced" : "Ok");
        if (version > 0)
        {
            _published = plan with { Version = version };
            SchedulerLog.Planned(logger, version, plan.Pools.Values.Sum(static p => p.Emptying.Length));
        }
    }

    public Task EndAsync()
    {
        _published = null;
        _excessSince.Clear();
        return Task.CompletedTask;
    }

    private void Watch(string pool, PoolNeed need)
    {
        if (need.Wanted >= need.Nodes)
        {
            _excessSince.Remove(pool);
        }
        else
        {
            _excessSince.TryAdd(pool, time.GetTimestamp());
        }
    }

    private bool Settled(string pool) => _excessSince.TryGetValue(pool, out var since) && time.GetElapsedTime(since) >= options.Value.ConsolidateAfter;

    private static bool Same(ClusterPlan plan, ClusterPlan other) =>
        JsonSerializer.Serialize(plan) == JsonSerializer.Serialize(other with { Version = 0 });
}
