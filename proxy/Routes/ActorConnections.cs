using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Substrate.State.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Routes;

/// <summary>Makes the connections of one route.</summary>
internal sealed class ActorConnections(IOptions<ProxyOptions> options, TelemetryOptions telemetry, TimeProvider time)
{
    public HttpMessageInvoker Create()
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = options.Value.ConnectionIdle,

            // Without tracing of our own, the caller's trace context is a header like any other and goes through as it came.
            ActivityHeadersPropagator = telemetry.Enabled ? new ReverseProxyPropagator(DistributedContextPropagator.Current) : null,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = ConnectAsync,
        };
        return new HttpMessageInvoker(new ContentHandler(handler), disposeHandler: true);
    }

    // An own time limit, so that a connection that could not be made always fails as one that could not be made.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.Value.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        // A proxy that vanishes leaves nothing that keeps an actor busy for ever; one that stays keeps a silent stream known to be there.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
