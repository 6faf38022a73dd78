using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Substrate.Scheduler.Leadership;

/// <summary>Runs the loops while this process leads. A round that fails is logged and counted, and the next one comes.</summary>
internal sealed class LoopRunner(IEnumerable<ILoop> loops, IOptions<SchedulerOptions> options, TimeProvider time, ILogger<LoopRunner> logger) : IDisposable
{
    private CancellationTokenSource? _leading;
    private Task _running = Task.CompletedTask;

    public void Start()
    {
        var leading = _leading = new CancellationTokenSource();
        _running = Task.WhenAll(loops.Select(loop => Task.Run(() => RunAsync(loop, leading.Token), CancellationToken.None)));
    }

    public async Task StopAsync()
    {
        if (_leading is { } leading)
        {
            _leading = null;
            await leading.CancelAsync();
            await _running;
            leading.Dispose();
        }
    }

    public void Dispose() => _leading?.Dispose();

    private async Task RunAsync(ILoop loop, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await RunRoundAsync(loop, cancellationToken);
            await Task.Delay(options.Value.Interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await loop.EndAsync();
    }

    private async Task RunRoundAsync(ILoop loop, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await loop.RunRoundAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            SchedulerMetrics.RoundFailed(loop.Name);
            SchedulerLog.StoreAway(logger, loop.Name, e.Message);
        }
#pragma warning disable CA1031 // A loop goes on whatever one round of it met.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SchedulerMetrics.RoundFailed(loop.Name);
            SchedulerLog.LoopFailed(logger, loop.Name, e);
        }

        SchedulerMetrics.Round(loop.Name, time.GetElapsedTime(start));
    }
}
