using StackExchange.Redis;
using Substrate.Cli.Standalone;
using Substrate.State.ComponentTests.Stores;
using Substrate.State.Storage;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Redis;

[assembly: AssemblyFixture(typeof(StoreProcesses))]

namespace Substrate.State.ComponentTests.Stores;

/// <summary>One store of each kind for all tests, started when first asked for. Tests keep apart by names of their own.</summary>
public sealed class StoreProcesses : IAsyncLifetime
{
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<StoreKind, IConnectionMultiplexer> _connections = [];
    private readonly ScratchDirectory _directory = new();
    private readonly Stack<IAsyncDisposable> _stores = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A connection made as every process of the system makes it; shared, not to be closed.</summary>
    public async Task<IConnectionMultiplexer> ConnectAsync(StoreKind kind)
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (!_connections.TryGetValue(kind, out var connection))
            {
                var options = new RedisOptions { ConnectionString = await StartAsync(kind), Timeout = TimeSpan.FromSeconds(30) };
                connection = _connections[kind] = StateServices.Connect(options);
            }

            return connection;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }

        while (_stores.TryPop(out var store))
        {
            await store.DisposeAsync();
        }

        _directory.Dispose();
        _turn.Dispose();
    }

    private async Task<string> StartAsync(StoreKind kind)
    {
        switch (kind)
        {
            case StoreKind.Redis:
                var server = new RedisServer();
                _stores.Push(server);
                await server.InitializeAsync();
                return server.ConnectionString;

            case StoreKind.Embedded:
                var embedded = EmbeddedStore.Start(_directory.Path, FreePort.Next());
                _stores.Push(embedded);
                return embedded.ConnectionString;

            default:
                var cluster = new RedisCluster();
                _stores.Push(cluster);
                await cluster.InitializeAsync();
                return cluster.ConnectionString;
        }
    }
}
