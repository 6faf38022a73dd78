using Substrate.Admin.V1;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>The cluster in numbers.</summary>
internal sealed class StatisticsCalls(AtespaceStore atespaces, TemplateStore templates, NodeRegistry nodes, TimerStore timers)
{
    /// <summary>Counts per atespace go out together, so many tenants cost little more than one.</summary>
    public async Task<GetStatisticsResponse> GetAsync()
    {
        var names = await atespaces.IndexedAsync();
        var live = (await nodes.ListAsync()).Where(static lease => lease.Live).Select(static lease => lease.Status).ToArray();
        return new()
        {
            Atespaces = names.Count,
            Actors = (await Task.WhenAll(names.Select(atespaces.CountAsync))).Sum(),
            Templates = await templates.CountAsync(),
            Nodes = live.Length,
            NodesDraining = live.Count(static node => node.Draining),
            Slots = live.Sum(static node => node.Slots),
            SlotsActive = live.Sum(static node => node.Active),
            ActorsFrozen = live.Sum(static node => node.Frozen),
            ActorsEvictable = live.Sum(static node => node.Evictable),
            MemoryBytes = live.Sum(static node => node.MemoryBytes),
            MemoryTaken = live.Sum(static node => node.MemoryTaken),
            ActivationsPerMinute = live.Sum(static node => node.Activations.Values.Sum(static n => (long)n)),
            Timers = await timers.CountAsync(),
        };
    }
}
