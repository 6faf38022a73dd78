using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Substrate.Proxy.Listening;

/// <summary>Sets Kestrel up for a proxy: two listeners, and no limit that would cut an honest stream.</summary>
internal static class Listeners
{
    public static IServiceCollection AddListeners(this IServiceCollection services)
    {
        services.AddSingleton<IConnectionListenerFactory, HandedOnTransport>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ProxyOptions>, TimeProvider>(Configure);
        return services;
    }

    private static void Configure(KestrelServerOptions kestrel, IOptions<ProxyOptions> options, TimeProvider time)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;

        // What a body may be and how slowly it may flow is the actor's business: an agent may think, and be listened to, for hours.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;

        var http2 = new PriorKnowledge(kestrel.Limits.KeepAliveTimeout, time);
        ListenAddress.Open(kestrel, options.Value.Listen, http2.Offer);
        ListenAddress.Open(kestrel, options.Value.OpsListen, static listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.Use(OpsConnection.Marking);
        });
        kestrel.Listen(new HandedOnEndPoint(), http2.Receive);
    }
}
