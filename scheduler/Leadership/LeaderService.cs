using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Substrate.State.Leadership;

namespace Substrate.Scheduler.Leadership;

/// <summary>Keeps the leader's lease and runs the loops only while it holds by this process's own clock.</summary>
internal sealed class LeaderService(
    SchedulerLease lease, LeaderToken leader, LoopRunner loops, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<LeaderService> logger) : BackgroundService
{
    private bool _leads;

    // Counted from before the renewal was sent, so that it never holds longer here than in the store.
    private long _renewed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.DryRun)
        {
            // It runs beside the one that leads, and only looks.
            await DryRunAsync(stoppingToken);
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            await KeepAsync(stoppingToken);
            await Task.Delay(options.Value.Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await EndAsync(giveUp: true);
    }

    private async Task DryRunAsync(CancellationToken stoppingToken)
    {
        SchedulerLog.DryRun(logger);
        loops.Start();
        await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await loops.StopAsync();
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        var start = time.GetTimestamp();
        try
        {
            var token = await lease.KeepAsync(options.Value.Lease).WaitAsync(options.Value.Lease / 4, time, stoppingToken);
            if (token == 0)
            {
                await EndAsync(giveUp: false);
                return;
            }

            _renewed = start;
            leader.Current = token;
            Begin(token);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            SchedulerLog.LeaseUnknown(logger, e.Message);
            if (time.GetElapsedTime(_renewed) + options.Value.Interval + (options.Value.Lease / 4) >= options.Value.Lease)
            {
                await EndAsync(giveUp: false);
            }
        }
    }

    private void Begin(long token)
    {
        if (_leads)
        {
            return;
        }

        _leads = true;
        SchedulerMetrics.Leads(true);
        SchedulerLog.Leads(logger, token);
        loops.Start();
    }

    private async Task EndAsync(bool giveUp)
    {
        if (!_leads)
        {
            return;
        }

        _leads = false;
        SchedulerMetrics.Leads(false);
        await loops.StopAsync();
        SchedulerLog.LeadsNoMore(logger);
        if (giveUp)
        {
            try
            {
                await lease.GiveUpAsync();
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // It runs out by itself.
                SchedulerLog.LeaseUnknown(logger, e.Message);
            }
        }
    }
}
