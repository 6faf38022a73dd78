using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Substrate.Proxy.Configuration;
using Substrate.Proxy.Operation;
using Substrate.Proxy.WebSockets;

namespace Substrate.Proxy.Forwarding;

/// <summary>
/// Tells slow clients from quiet ones. A client that has announced how long its body is owes it; one that streams may pause for as long as
/// it likes, and so may the ends of a WebSocket, which is told when the proxy is about to stop.
/// </summary>
internal sealed class Streams(LiveOptions live, Drain drain)
{
    public void Prepare(HttpContext context)
    {
        var request = context.Request;
        var tunnel = context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || HttpMethods.IsConnect(request.Method);
        if (tunnel)
        {
            LeavingUpgrade.Prepare(context, drain.Closing);
        }

        if (live.Value.ClientRate > 0
            && request.ContentLength is null
            && (tunnel || context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
            && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
