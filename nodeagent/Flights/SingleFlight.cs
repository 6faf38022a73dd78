using System.Collections.Concurrent;

namespace Substrate.NodeAgent.Flights;

/// <summary>
/// Does work for a key once, however many ask for it at the same time. The work belongs to nobody: a caller who leaves does not
/// end it, only disposal does. A failure is reported to everyone who waits and then forgotten.
/// </summary>
internal sealed class SingleFlight<TKey, TResult> : IAsyncDisposable
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, TaskCompletionSource<TResult>> _flights = new();
    private readonly CancellationTokenSource _end = new();

    /// <summary>Joins the flight of <paramref name="key"/>, or starts it. <paramref name="work"/> gets the token of the flights' end.</summary>
    public Task<TResult> RunAsync(TKey key, Func<CancellationToken, Task<TResult>> work, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_end.IsCancellationRequested, this);
        var mine = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var flight = _flights.GetOrAdd(key, mine);
        if (flight == mine)
        {
            _ = Task.Run(() => FlyAsync(key, mine, work), CancellationToken.None);
        }

        return flight.Task.WaitAsync(cancellation);
    }

    /// <summary>Cancels what is in the air and waits until it is down.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
        {
            return;
        }

        await _end.CancelAsync();
        foreach (var (_, flight) in _flights)
        {
            await ((Task)flight.Task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _end.Dispose();
    }

    private async Task FlyAsync(TKey key, TaskCompletionSource<TResult> flight, Func<CancellationToken, Task<TResult>> work)
    {
        try
        {
            var result = await work(_end.Token);
            _flights.TryRemove(KeyValuePair.Create(key, flight));
            flight.SetResult(result);
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to those who wait for the flight.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _flights.TryRemove(KeyValuePair.Create(key, flight));
            flight.SetException(e);
            // Seen here, so that a failure nobody waits for any more does not surface as an unobserved exception.
            _ = flight.Task.Exception;
        }
    }
}
