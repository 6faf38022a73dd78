using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Forwarding;
using Substrate.State.Actors;
using Substrate.State.Telemetry;
using Substrate.State.Templates;
using Yarp.ReverseProxy.Forwarder;

namespace Substrate.Proxy.Routes;

/// <summary>Makes the way to one activation.</summary>
internal sealed class ActorConnections(LiveOptions live, TelemetryOptions telemetry, TimeProvider time)
{
    // Longest head of an answer.
    private const int MaxHeadKilobytes = 64;

    /// <param name="record">A RUNNING record.</param>
    /// <param name="template">What the actor is made of; null when that is not known any more, which means every default.</param>
    public Upstream Create(ActorRecord record, TemplateSpec? template)
    {
        var container = template?.Container;
        var limits = template?.Timeouts ?? new();
        var config = new ForwarderRequestConfig
        {
            // An agent may think for an hour: no time without activity ends a request unless its template says so.
            ActivityTimeout = limits.Idle > TimeSpan.Zero ? limits.Idle : Timeout.InfiniteTimeSpan,
            Version = container?.Protocol == ActorProtocol.H2c ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        return new(
            Connections(limits.Connect),
            config,
            new ActorTransformer(record.Key, record.Epoch, byPath: false, live),
            new ActorTransformer(record.Key, record.Epoch, byPath: true, live))
        {
            RequestLimit = limits.Request > TimeSpan.Zero ? limits.Request : Timeout.InfiniteTimeSpan,
            MainPort = container?.Port ?? 0,
            Ports = Endpoints.Further(record.Endpoint).ToImmutableDictionary(static p => p.Key, static p => "http://" + p.Value),
        };
    }

    private HttpMessageInvoker Connections(TimeSpan connectLimit)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionIdleTimeout = live.Value.ConnectionIdle,

            // Without tracing of our own, the caller's trace context is a header like any other and goes through as it came.
            ActivityHeadersPropagator = telemetry.Enabled ? new ReverseProxyPropagator(DistributedContextPropagator.Current) : null,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ConnectCallback = (context, cancellationToken) =>
                ConnectAsync(context, connectLimit > TimeSpan.Zero ? connectLimit : live.Value.ConnectTimeout, cancellationToken),

            // One connection carries a limited number of streams; a busy actor that speaks HTTP/2 gets more connections.
            EnableMultipleHttp2Connections = true,

            // Bytes of headers go through as they are, whatever their author took them to mean.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            MaxResponseHeadersLength = MaxHeadKilobytes,
        };
        return new HttpMessageInvoker(new ContentHandler(handler), disposeHandler: true);
    }

    // An own time limit, so that a connection that could not be made always fails as one that could not be made.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(limit, time);
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
