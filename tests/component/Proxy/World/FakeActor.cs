using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Substrate.State.Actors;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>What an actor saw of a request.</summary>
internal sealed record Echo(string Actor, long Epoch, string Method, string Target, string RequestId, Dictionary<string, string> Headers);

/// <summary>An actor's process: a server on a port of its own that tells who it is.</summary>
internal sealed class FakeActor : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Gate _gate = new();
    private int _connections;
    private int _endless;

    private FakeActor(ActorKey key, long epoch, bool h2c)
    {
        (Key, Epoch) = (key, epoch);
        var builder = h2c ? WebApplication.CreateSlimBuilder() : WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.RequestHeaderEncodingSelector = static _ => System.Text.Encoding.Latin1;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = h2c ? HttpProtocols.Http2 : HttpProtocols.Http1;
                listen.Use(Count);
            });
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(_gate);
        if (h2c)
        {
            builder.Services.AddGrpc();
        }

        _app = builder.Build();
        _app.UseWebSockets();
        if (h2c)
        {
            _app.MapGrpcService<Talking>();
            _app.MapFallback(ServeAsync);
        }
        else
        {
            _app.Run(ServeAsync);
        }
    }

    public ActorKey Key { get; }

    public long Epoch { get; }

    /// <summary><c>host:port</c>.</summary>
    public string Endpoint => new Uri(_app.Urls.First()).Authority;

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Connections that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Request ids and bodies that arrived, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What <c>/parts</c> read, in order and as it came.</summary>
    public ConcurrentQueue<string> Parts { get; } = new();

    /// <summary>Lets the answer to <c>/stream</c> write its next part.</summary>
    public SemaphoreSlim Next { get; } = new(0);

    /// <summary>Requests to <c>/endless</c> that still write.</summary>
    public int Endless => Volatile.Read(ref _endless);

    /// <summary>Answers of <c>/reset</c> that still break.</summary>
    public int Resets { get; set; }

    public static async Task<FakeActor> StartAsync(ActorKey key, long epoch, bool h2c = false)
    {
        var actor = new FakeActor(key, epoch, h2c);
        await actor._app.StartAsync();
        return actor;
    }

    /// <summary>Refuses new connections from now on.</summary>
    public Task CloseGateAsync() => _gate.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        Next.Dispose();
    }

    private ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        Interlocked.Increment(ref _connections);
        try
        {
            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
        }
    };

    private async Task ServeAsync(HttpContext context)
    {
        Requests.Enqueue(context.Request.Headers["X-Request-Id"].ToString());
        switch (context.Request.Path.Value)
        {
            case "/ws":
                await EchoSocketAsync(context);
                break;
            case "/stream":
                await StreamAsync(context);
                break;
            case "/mirror":
                await context.Request.Body.CopyToAsync(context.Response.Body);
                break;
            case "/parts":
                await ReadPartsAsync(context);
                break;
            case "/digest":
                await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body)));
                break;
            case "/reset" when Resets-- > 0:
                context.Abort();
                break;
            case "/endless":
                await WriteForEverAsync(context);
                break;
            case "/late":
                await Next.WaitAsync(context.RequestAborted);
                await EchoAsync(context);
                break;
            case "/half":
                await context.Response.WriteAsync("half");
                await context.Response.Body.FlushAsync();
                await Next.WaitAsync(context.RequestAborted);
                context.Abort();
                break;
            default:
                await EchoAsync(context);
                break;
        }
    }

    private async Task WriteForEverAsync(HttpContext context)
    {
        Interlocked.Increment(ref _endless);
        try
        {
            var data = new byte[65_536];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(data, context.RequestAborted);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Whoever read has gone.
        }
        finally
        {
            Interlocked.Decrement(ref _endless);
        }
    }

    private Task EchoAsync(HttpContext context)
    {
        var headers = context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString());
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return context.Response.WriteAsJsonAsync(
            new Echo(Key.ToString(), Epoch, context.Request.Method, target, context.Request.Headers["X-Request-Id"].ToString(), headers));
    }

    private async Task ReadPartsAsync(HttpContext context)
    {
        var buffer = new byte[1024];
        for (var read = await context.Request.Body.ReadAsync(buffer); read > 0; read = await context.Request.Body.ReadAsync(buffer))
        {
            Parts.Enqueue(System.Text.Encoding.UTF8.GetString(buffer, 0, read));
        }

        await context.Response.WriteAsync(string.Join(',', Parts));
    }

    private async Task StreamAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 3; i++)
        {
            await Next.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync($"data: {i}\n\n");
            await context.Response.Body.FlushAsync();
        }
    }

    private static async Task EchoSocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var message = await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
            if (message.MessageType == System.Net.WebSockets.WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "bye", context.RequestAborted);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, context.RequestAborted);
        }
    }
}
