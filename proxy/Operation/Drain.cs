using Substrate.Proxy.Configuration;

namespace Substrate.Proxy.Operation;

/// <summary>
/// Lets the proxy end without cutting anyone off: readiness says no at once, so that no new callers are sent here; those that come
/// meanwhile are still served; then WebSockets are told to go elsewhere and the server stops, which tells HTTP/2 clients by GOAWAY and
/// HTTP/1.1 clients by <c>Connection: close</c>, and waits for what is in flight.
/// </summary>
internal sealed class Drain(LiveOptions live, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _begun;

    /// <summary>True from the moment a stop was asked for.</summary>
    public bool Begun => _begun;

    /// <summary>Cancelled when connections without an end of their own are to end.</summary>
    public CancellationToken Closing => _closing.Token;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_begun)
        {
            // Whoever asks twice does not wait twice.
            return;
        }

        _begun = true;
        Log.Draining(logger, live.Value.DrainDelay, live.Value.DrainTimeout);
        try
        {
            await Task.Delay(live.Value.DrainDelay, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Whoever stops the proxy has no more time.
        }

        await _closing.CancelAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _closing.Dispose();
}
