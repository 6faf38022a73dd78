using Microsoft.AspNetCore.Http.Features;

namespace Substrate.Proxy.WebSockets;

/// <summary>Hands out the client's side of WebSockets, over HTTP/1.1 and HTTP/2, as <see cref="LeavingStream"/>.</summary>
internal static class LeavingUpgrade
{
    /// <summary>Prepares a request that may become a WebSocket; others are left alone.</summary>
    public static void Prepare(HttpContext context, CancellationToken leaving)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
            && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase))
        {
            context.Features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade, leaving));
        }
        else if (context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" } connect)
        {
            context.Features.Set<IHttpExtendedConnectFeature>(new Connect(connect, leaving));
        }
    }

    private sealed class Upgrade(IHttpUpgradeFeature inner, CancellationToken leaving) : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => new LeavingStream(await inner.UpgradeAsync(), leaving);
    }

    private sealed class Connect(IHttpExtendedConnectFeature inner, CancellationToken leaving) : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => inner.IsExtendedConnect;

        public string? Protocol => inner.Protocol;

        public async ValueTask<Stream> AcceptAsync() => new LeavingStream(await inner.AcceptAsync(), leaving);
    }
}
