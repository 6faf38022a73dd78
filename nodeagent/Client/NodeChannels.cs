using static Substrate.NodeAgent.V1.NodeAgentApi;

namespace Substrate.NodeAgents;

/// <summary>One channel per node address, kept while it is used and a while longer.</summary>
internal sealed class NodeChannels : IDisposable
{
    /// <summary>Time without a call after which a channel is closed.</summary>
    public static readonly TimeSpan Unused = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, NodeChannel> _channels = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private bool _disposed;

    public NodeChannels(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(static self => ((NodeChannels)self!).CloseUnused(), this, Unused, Unused);
    }

    /// <summary>Channels that are open.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _channels.Count;
            }
        }
    }

    /// <summary>A client for the node agent at <paramref name="address"/>, to be given back when the call has ended.</summary>
    public Use Rent(string address)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_channels.TryGetValue(address, out var channel))
            {
                _channels[address] = channel = new NodeChannel(address);
            }

            channel.Uses++;
            return new Use(this, channel);
        }
    }

    /// <summary>Closes the channels that nobody has used for <see cref="Unused"/>.</summary>
    public void CloseUnused()
    {
        lock (_lock)
        {
            foreach (var (address, channel) in _channels)
            {
                if (channel.Uses == 0 && _time.GetElapsedTime(channel.LastUsed) >= Unused)
                {
                    _channels.Remove(address);
                    channel.Dispose();
                }
            }
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock)
        {
            _disposed = true;
            foreach (var channel in _channels.Values)
            {
                channel.Dispose();
            }

            _channels.Clear();
        }
    }

    private void Return(NodeChannel channel)
    {
        lock (_lock)
        {
            channel.Uses--;
            channel.LastUsed = _time.GetTimestamp();
        }
    }

    /// <summary>A call's hold on a channel.</summary>
    public readonly struct Use(NodeChannels channels, NodeChannel channel) : IDisposable
    {
        public NodeAgentApiClient Client => channel.Client;

        public void Dispose() => channels.Return(channel);
    }
}
