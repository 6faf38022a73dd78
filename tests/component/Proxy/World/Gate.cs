using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Substrate.Proxy.ComponentTests.World;

/// <summary>A server's transport whose listening socket can be closed, as a node closes an actor's port: new connections are refused, others go on.</summary>
internal sealed class Gate : IConnectionListenerFactory
{
    private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);
    private IConnectionListener? _listener;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        _listener = await _sockets.BindAsync(endpoint, cancellationToken);

    public async Task CloseAsync() => await _listener!.UnbindAsync();
}
