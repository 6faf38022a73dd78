using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.State.Storage;
using Substrate.State.View;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>Has the numbers of warm sandboxes kept that the scheduler's plan wants of this node; without a plan the node keeps its default.</summary>
internal sealed class WarmPlan(IOptions<NodeOptions> options, PlanFeed plan, TemplateStore templates, SandboxPool pool, ILogger<WarmPlan> logger) : BackgroundService
{
    private readonly SemaphoreSlim _changed = new(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Changed() => _changed.Release();
        plan.Changed += Changed;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                await FollowAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            plan.Changed -= Changed;
        }
    }

    private async Task FollowAsync()
    {
        var wanted = plan.Current.Warm.GetValueOrDefault(options.Value.Id) ?? ImmutableSortedDictionary<string, int>.Empty;
        try
        {
            // Named by uid: a template that was never activated here is looked up.
            foreach (var template in wanted.IsEmpty ? [] : (await templates.ListAsync()).Where(t => wanted.ContainsKey(t.Uid)))
            {
                pool.Expect(template);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Log.StoreAway(logger, e.Message);
        }

        pool.Want(wanted);
    }
}
