using Substrate.Scheduler.Census;
using Substrate.Scheduler.Leadership;
using Substrate.State.Activation;
using Substrate.State.Storage;
using Substrate.State.Timers;
using Activator = Substrate.State.Activation.Activator;

namespace Substrate.Scheduler.Timers;

/// <summary>
/// Wakes the actors whose timers are due. A timer moves on after its actor was woken, so a leader that dies in between leaves it to the next
/// one: waking an actor that runs already changes nothing.
/// </summary>
internal sealed class TimerLoop(TimerStore timers, StoreClock clock, Activator activator, ILogger<TimerLoop> logger) : ILoop
{
    private const int AtOnce = 16;
    private static readonly TimeSpan WakeLimit = TimeSpan.FromSeconds(60);

    // Touched by the loop alone; those that have ended are taken out at its next round.
    private readonly Dictionary<string, Task> _waking = new(StringComparer.Ordinal);

    public string Name => "timers";

    public async Task RunRoundAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, _) in _waking.Where(static w => w.Value.IsCompleted).ToList())
        {
            _waking.Remove(id);
        }

        foreach (var timer in await timers.DueAsync(await clock.NowAsync(), AtOnce * 2))
        {
            var id = $"{timer.Atespace}/{timer.Actor}/{timer.Name}";
            if (_waking.Count < AtOnce && !_waking.ContainsKey(id))
            {
                _waking[id] = WakeAsync(timer, cancellationToken);
            }
        }
    }

    public async Task EndAsync()
    {
        await Task.WhenAll(_waking.Values);
        _waking.Clear();
    }

    private async Task WakeAsync(ActorTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            var result = await activator.ActivateAsync(new(timer.Atespace, timer.Actor), -1, boot: false, WakeLimit, cancellationToken);
            SchedulerMetrics.Decided(Name, "wake", result.Outcome.ToString());
            var problem = result.Outcome == ActivationOutcome.Running ? "" : result.Reason;
            if (problem.Length > 0)
            {
                SchedulerLog.TimerFailed(logger, timer.Name, new(timer.Atespace, timer.Actor), problem);
            }

            // An actor that is gone takes its timers along.
            var next = result.Outcome == ActivationOutcome.NotFound ? null : TimerSchedule.After(timer, await clock.NowAsync(), problem);
            await timers.SwapAsync(timer, next);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is StackExchange.Redis.RedisException or TimeoutException)
        {
            // It stays due.
            SchedulerLog.StoreAway(logger, Name, e.Message);
        }
    }
}
