using System.Globalization;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Xunit;

namespace Substrate.TestSupport.Redis;

/// <summary>A Redis Cluster of three <c>redis-server</c> processes that share all slots, without replicas.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private const int Slots = 16384;
    private const int Size = 3;

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    private readonly List<RedisServer> _nodes = [];

    /// <summary>All nodes, for StackExchange.Redis and for option <c>Redis:ConnectionString</c>.</summary>
    public string ConnectionString => string.Join(',', _nodes.Select(static node => node.ConnectionString));

    public IReadOnlyList<RedisServer> Nodes => _nodes;

    public async ValueTask InitializeAsync()
    {
        var busPorts = new List<string>();
        for (var i = 0; i < Size; i++)
        {
            // A bus port of its own, since the default, port + 10000, may not exist.
            var bus = FreePort.Next().ToString(CultureInfo.InvariantCulture);
            var node = new RedisServer { Arguments = ["--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "15000"] };
            busPorts.Add(bus);
            _nodes.Add(node);
            await node.InitializeAsync();
        }

        for (var i = 0; i < Size; i++)
        {
            await _nodes[i].RunAsync("CLUSTER", "SET-CONFIG-EPOCH", Number(i + 1));
            await _nodes[i].RunAsync("CLUSTER", "ADDSLOTSRANGE", Number(i * Slots / Size), Number(((i + 1) * Slots / Size) - 1));
            if (i > 0)
            {
                await _nodes[0].RunAsync("CLUSTER", "MEET", "127.0.0.1", Number(_nodes[i].Port), busPorts[i]);
            }
        }

        foreach (var node in _nodes)
        {
            await Eventually.TrueAsync(() => CompleteAsync(node), Within, $"the cluster is complete as {node.ConnectionString} sees it");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static async Task<bool> CompleteAsync(RedisServer node)
    {
        var info = await node.RunAsync("CLUSTER", "INFO");
        return info.Contains("cluster_state:ok", StringComparison.Ordinal)
            && info.Contains($"cluster_slots_ok:{Slots}", StringComparison.Ordinal)
            && info.Contains($"cluster_known_nodes:{Size}", StringComparison.Ordinal);
    }

    private static string Number(int n) => n.ToString(CultureInfo.InvariantCulture);
}
