using System.Threading.Channels;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Listening;
using Substrate.State.Actors;

namespace Substrate.Proxy.Operation;

/// <summary>
/// Notes requests as lines of JSON, away from their path: they are queued, and when they come faster than they can be written, they are
/// dropped and counted rather than waited for. The file is opened anew for each batch, so that it may be moved away at any time.
/// </summary>
internal sealed class AccessLog(LiveOptions live, ProxyMetrics metrics, TimeProvider time, Random random, ILogger<AccessLog> logger) : BackgroundService
{
    private const int Queued = 10_000;

    private readonly Channel<AccessEntry> _entries = Channel.CreateBounded<AccessEntry>(
        new BoundedChannelOptions(Queued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Notes the end of a request.</summary>
    /// <param name="context">The request; its status is set.</param>
    /// <param name="actor">The actor; null when none was named.</param>
    /// <param name="epoch">Activation that served it; -1 for none.</param>
    /// <param name="route">hit, held, none or left.</param>
    /// <param name="reason">Why it was not served in order; empty when it was.</param>
    /// <param name="start">Timestamp of its beginning.</param>
    public void Note(HttpContext context, ActorKey? actor, long epoch, string route, string reason, long start)
    {
        var options = live.Value;
        if (options.AccessLog.Length == 0)
        {
            return;
        }

        var status = context.Response.StatusCode;
        if (status < 500 && options.AccessLogSample < 1 && random.NextDouble() >= options.AccessLogSample)
        {
            return;
        }

        var request = context.Request;
        var entry = new AccessEntry(
            time.GetUtcNow(), request.Method, request.Protocol, request.Scheme, request.Host.Value ?? "", request.Path.Value ?? "", status,
            time.GetElapsedTime(start), actor, epoch, route, reason, ClientConnection.Of(context).AddressText, request.Headers.TraceParent.ToString());
        if (!_entries.Writer.TryWrite(entry))
        {
            metrics.AccessLogDropped.Inc();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _entries.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await WriteAsync();
        }
    }

    // Writes all that is queued.
    private async Task WriteAsync()
    {
        var where = live.Value.AccessLog;
        try
        {
            await using var output = where is "-" or "" ? Console.OpenStandardOutput() : new FileStream(where, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            using var lines = new MemoryStream();
            while (_entries.Reader.TryRead(out var entry))
            {
                entry.Write(lines);
            }

            await output.WriteAsync(lines.GetBuffer().AsMemory(0, (int)lines.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What cannot be written is not kept, or it would grow; the next batch tries again.
            Log.AccessLogBroken(logger, where, e.Message);
            while (_entries.Reader.TryRead(out _))
            {
                metrics.AccessLogDropped.Inc();
            }
        }
    }
}
