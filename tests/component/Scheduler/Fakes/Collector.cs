using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Substrate.Scheduler.ComponentTests.Fakes;

/// <summary>A span as it arrived.</summary>
internal readonly record struct Received(string TraceId, string Name);

/// <summary>An OpenTelemetry collector that keeps what it is sent (OTLP, protobuf over HTTP).</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Collector(WebApplication app) => _app = app;

    public ConcurrentQueue<Received> Spans { get; } = [];

    public string Address => _app.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var collector = new Collector(builder.Build());
        collector._app.MapPost("/v1/traces", collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);

        // ExportTraceServiceRequest 1 → ResourceSpans 2 → ScopeSpans 2 → Span: 1 trace_id, 5 name.
        foreach (var span in Fields(body.ToArray(), 1).SelectMany(static r => Fields(r, 2)).SelectMany(static s => Fields(s, 2)))
        {
            Spans.Enqueue(new(Convert.ToHexStringLower(Fields(span, 1).First()), System.Text.Encoding.UTF8.GetString(Fields(span, 5).First())));
        }
    }

    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        var input = new CodedInputStream(message);
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag >> 3 == number && (tag & 7) == 2)
            {
                yield return input.ReadBytes().ToByteArray();
            }
            else
            {
                input.SkipLastField();
            }
        }
    }
}
