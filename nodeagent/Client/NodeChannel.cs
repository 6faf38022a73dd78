using Grpc.Net.Client;
using static Substrate.NodeAgent.V1.NodeAgentApi;

namespace Substrate.NodeAgents;

/// <summary>The connections to one node agent. Members are the business of <see cref="NodeChannels"/> alone.</summary>
internal sealed class NodeChannel : IDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly GrpcChannel _channel;

    public NodeChannel(string address)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            EnableMultipleHttp2Connections = true,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),

            // A node that vanished without closing its connections is noticed within two intervals, by the calls that wait for it.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = PingInterval,
            KeepAlivePingTimeout = PingInterval,
        };
        _channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Client = new NodeAgentApiClient(_channel);
    }

    public NodeAgentApiClient Client { get; }

    /// <summary>Calls under way.</summary>
    public int Uses { get; set; }

    /// <summary>Timestamp of the end of the last call.</summary>
    public long LastUsed { get; set; }

    public void Dispose() => _channel.Dispose();
}
