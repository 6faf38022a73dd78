namespace Substrate.Perf.Load;

/// <summary>Sends the requests of a plan when they are due, whatever became of earlier ones.</summary>
internal sealed class LoadRun(LoadPlan plan, Func<int, CancellationToken, Task<CallResult>> call, TimeProvider time)
{
    private readonly LoadTally _tally = new();
    private int _underWay;
    private long _started;
    private TaskCompletionSource? _idle;
    private Exception? _fault;

    /// <summary>How it goes, in one line.</summary>
    public string Now => _tally.Now();

    /// <summary>Runs to the end of the plan and of the last answer, or until cancelled; the report covers what was due until then.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken cancellationToken)
    {
        _started = time.GetTimestamp();
        try
        {
            foreach (var due in Schedule.Of(plan))
            {
                while (due.At - time.GetElapsedTime(_started) is { Ticks: > 0 } wait)
                {
                    // Timers count whole milliseconds: what a request is sent too late by them is counted as the generator's lag.
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken);
                }

                cancellationToken.ThrowIfCancellationRequested();
                Begin(due);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is under way is still answered or times out.
        }

        var took = time.GetElapsedTime(_started);
        await EndAsync();
        return _fault is not null ? throw new InvalidOperationException("the load generator failed", _fault) : _tally.Report(took);
    }

    private void Begin(Due due)
    {
        if (Volatile.Read(ref _underWay) >= plan.Outstanding)
        {
            _tally.NotSent();
            return;
        }

        Interlocked.Increment(ref _underWay);
        _ = Task.Run(() => CallAsync(due));
    }

    private async Task CallAsync(Due due)
    {
        try
        {
            var lag = time.GetElapsedTime(_started) - due.At;
            var left = plan.Timeout - lag;
            using var limit = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            var result = await call(due.Actor, limit.Token);
            if (due.At >= plan.WarmUp)
            {
                _tally.Add(result, time.GetElapsedTime(_started) - due.At, lag);
            }
        }
        catch (Exception e)
        {
            // Not an answer but a fault of the generator: there is no report then.
            Interlocked.CompareExchange(ref _fault, e, null);
        }
        finally
        {
            if (Interlocked.Decrement(ref _underWay) == 0)
            {
                Volatile.Read(ref _idle)?.TrySetResult();
            }
        }
    }

    // Each request has its own limit, so this ends.
    private async Task EndAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _idle, idle);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _underWay) > 0)
        {
            await idle.Task;
        }
    }
}
