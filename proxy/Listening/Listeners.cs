using System.Net.Quic;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Framing;

namespace Substrate.Proxy.Listening;

/// <summary>Sets Kestrel up for a proxy: listeners for callers and for operators, and limits that cut off who is slow and nobody who is quiet.</summary>
internal static class Listeners
{
    // A held HTTP/2 stream takes in no more of its body than its window; a connection has room for several such streams.
    private const int StreamsOfWindow = 4;

    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(30);

    /// <summary>True where HTTP/3 can be served: the library that speaks QUIC is installed.</summary>
    [SupportedOSPlatformGuard("linux")]
    public static bool HasQuic => OperatingSystem.IsLinux() && QuicListener.IsSupported;

    public static IServiceCollection AddListeners(this IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory, HandedOnTransport>();
        services.AddSingleton<Certificates>();
        services.AddHostedService(static provider => provider.GetRequiredService<Certificates>());
        services.AddOptions<KestrelServerOptions>().Configure<LiveOptions, Certificates, TimeProvider>(Configure);
        return services;
    }

    private static void Configure(KestrelServerOptions kestrel, LiveOptions live, Certificates certificates, TimeProvider time)
    {
        var options = live.Value;
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;

        // Bytes of headers go through as they are, whatever their author took them to mean.
        kestrel.RequestHeaderEncodingSelector = static name => name == HeaderNames.ContentLength ? DigitsOnly.Instance : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        Limit(kestrel.Limits, options);

        var http2 = new PriorKnowledge(kestrel.Limits.RequestHeadersTimeout, time);
        ListenAddress.Open(kestrel, options.Listen, (listen, address) =>
        {
            listen.Use(ClientConnection.Serving);
            if (address.Tls)
            {
                listen.Protocols = HasQuic ? HttpProtocols.Http1AndHttp2AndHttp3 : HttpProtocols.Http1AndHttp2;
                listen.UseHttps(certificates.Handshakes);
            }
            else
            {
                http2.Offer(listen);
            }
        });
        ListenAddress.Open(kestrel, options.OpsListen, static (listen, _) =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(ClientConnection.Operating);
        });
        kestrel.Listen(new HandedOnEndPoint(), http2.Receive);
    }

    private static void Limit(KestrelServerLimits limits, ProxyOptions options)
    {
        limits.MaxRequestBodySize = options.MaxRequestBody == 0 ? null : options.MaxRequestBody;
        limits.MaxRequestHeaderCount = options.MaxHeaders;
        limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
        limits.MaxRequestBufferSize = Math.Max(HoldSize.BodyBuffer, options.MaxHeaderBytes);
        limits.MaxConcurrentConnections = options.MaxConnections == 0 ? null : options.MaxConnections;
        limits.RequestHeadersTimeout = options.HeadTimeout;
        limits.KeepAliveTimeout = options.ClientIdle;

        // Kestrel measures only while it waits for a client: for the body that the actor reads, or for room for an answer that is there.
        var rate = options.ClientRate == 0 ? null : new MinDataRate(options.ClientRate, options.ClientPatience);
        (limits.MinRequestBodyDataRate, limits.MinResponseDataRate) = (rate, rate);
        limits.Http2.InitialStreamWindowSize = HoldSize.BodyBuffer;
        limits.Http2.InitialConnectionWindowSize = StreamsOfWindow * HoldSize.BodyBuffer;
        limits.Http2.KeepAlivePingDelay = PingAfter;
    }
}
