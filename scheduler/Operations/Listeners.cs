using System.Net;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Substrate.Scheduler.Security;

namespace Substrate.Scheduler.Operations;

/// <summary>Opens the two ports: the API's, and the one for metrics and health.</summary>
internal static class Listeners
{
    private static readonly object OpsMark = new();

    public static void AddListeners(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ServerCertificate>();
        builder.WebHost.UseKestrel(static o => o.AddServerHeader = false);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<SchedulerOptions>, ServerCertificate>(static (kestrel, options, certificate) =>
        {
            // The options have been validated, so the API's address reads.
            _ = ListenAddress.TryParse(options.Value.Listen, out var api);
            Open(kestrel, api, listen =>
            {
                // Without TLS nothing tells the two apart, and gRPC needs HTTP/2; with it, clients choose.
                listen.Protocols = api.Secure ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http2;
                if (api.Secure)
                {
                    listen.UseHttps(certificate.Load());
                }
            });
            if (ListenAddress.TryParse(options.Value.OpsListen, out var ops))
            {
                Open(kestrel, ops, static listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.Use(static next => connection =>
                    {
                        connection.Items[OpsMark] = true;
                        return next(connection);
                    });
                });
            }
        });
    }

    /// <summary>True when the request came in through the port for metrics and health.</summary>
    public static bool IsOps(HttpContext context) =>
        context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(OpsMark) == true;

    private static void Open(KestrelServerOptions kestrel, ListenAddress address, Action<ListenOptions> configure)
    {
        if (address.Address is null)
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
        else
        {
            kestrel.Listen(new IPEndPoint(address.Address, address.Port), configure);
        }
    }
}
