using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Substrate.Perf.Suites;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Perf.Control;

/// <summary>
/// A Redis, a scheduler, a proxy and nodes with simulated sandboxes, each a process of its own. Node data is on a memory file system, since
/// disks are not what is measured.
/// </summary>
internal sealed class ControlCluster : IAsyncDisposable
{
    public const string Atespace = "bench";

    public static readonly TemplateKey Template = new("bench", "simulated");

    private const int Nodes = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TimeProvider _time;
    private readonly string _directory = Directory.CreateTempSubdirectory("substrate-control-").FullName;
    private readonly string _memory = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"substrate-control-{Guid.NewGuid():N}");
    private readonly List<ControlProcess> _processes = [];
    private readonly int _redisPort = FreePort();
    private readonly int _ingressPort = FreePort();
    private ConnectionMultiplexer? _redis;
    private ControlProcess? _scheduler;

    private ControlCluster(TimeProvider time) => _time = time;

    public IConnectionMultiplexer Redis => _redis!;

    public ActorStore Actors { get; private set; } = null!;

    public Uri Ingress => new($"http://127.0.0.1:{_ingressPort}");

    /// <summary>The processes that live through a measurement; the scheduler is not among them, since it may be killed.</summary>
    public IReadOnlyList<ControlProcess> Processes => _processes;

    public static async Task<ControlCluster> StartAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = new ControlCluster(time);
        try
        {
            await cluster.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills the scheduler and starts another one.</summary>
    public async Task ReplaceSchedulerAsync()
    {
        await _scheduler!.DisposeAsync();
        StartScheduler();
    }

    public async ValueTask DisposeAsync()
    {
        _redis?.Dispose();
        if (_scheduler is not null)
        {
            await _scheduler.DisposeAsync();
        }

        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }

        foreach (var directory in (string[])[_directory, _memory])
        {
            if (Directory.Exists(directory))
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _processes.Add(ControlProcess.Start(
            "redis", "redis-server", "--port", $"{_redisPort}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", _directory));
        await UntilAsync(Listens(_redisPort), "Redis answers", cancellationToken);
        _redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_redisPort},allowAdmin=true,asyncTimeout=30000");
        Actors = new ActorStore(_redis);
        StartScheduler();
        for (var i = 0; i < Nodes; i++)
        {
            _processes.Add(StartNode(i));
        }

        _processes.Add(ControlProcess.Role("proxy", "proxy", [.. Common(), ("Proxy:Listen", Ingress.ToString().TrimEnd('/')), ("Proxy:OpsListen", "")]));
        await UntilAsync(Listens(_ingressPort), "the proxy listens", cancellationToken);
        var registry = new NodeRegistry(_redis);
        await UntilAsync(async () => (await registry.ListAsync()).Count(static n => n.Open) == Nodes, "the nodes are there", cancellationToken);
        await new AtespaceStore(_redis, new ActorListing(_redis, Actors)).CreateAsync(Atespace);
        var templates = new TemplateStore(_redis);
        await templates.SwapAsync(0, new TemplateRecord
        {
            Key = Template,
            Uid = Guid.NewGuid().ToString("N"),
            Spec = new() { Container = new() { Name = "simulated", Image = "oci:/nowhere:latest", Port = 8080 } },
        });
        await UntilAsync(async () => (await templates.GetAsync(Template))?.Value.Phase == TemplatePhase.Ready, "the template is ready", cancellationToken);
    }

    private ControlProcess StartNode(int index)
    {
        var port = FreePort();
        return ControlProcess.Role($"node {index + 1}", "nodeagent",
        [
            .. Common(),
            ("Node:Simulated", "true"),
            ("Node:Id", $"node-{index + 1}"),
            ("Node:Listen", $"http://127.0.0.1:{port}"),
            ("Node:OpsListen", ""),
            ("Node:DataDirectory", Path.Combine(_memory, $"node-{index + 1}")),
            ("Node:RunDirectory", Path.Combine(_memory, $"run-{index + 1}")),
            ("Node:StoreDirectory", Path.Combine(_memory, "store")),
            ("Node:Slots", "200"),
            ("Node:Warm", "32"),
            ("Node:FirstPort", "12000"),
            ("Node:Ports", "50000"),
        ]);
    }

    private void StartScheduler() => _scheduler = ControlProcess.Role("scheduler", "scheduler",
    [
        .. Common(),
        ("Scheduler:Listen", $"https://127.0.0.1:{FreePort()}"),
        ("Scheduler:OpsListen", ""),
        ("Scheduler:DataDirectory", Path.Combine(_directory, "scheduler")),
        ("Scheduler:Lease", "00:00:02"),
        ("Scheduler:Interval", "00:00:00.5"),
    ]);

    private IEnumerable<(string Key, string Value)> Common() =>
        [("Redis:ConnectionString", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_redisPort}")), ("Logging:LogLevel:Default", "Error"), ("Substrate:Token", "")];

    private async Task UntilAsync(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!await condition())
        {
            var ended = _processes.Append(_scheduler).FirstOrDefault(static p => p is { Alive: false });
            if (ended is not null || _time.GetElapsedTime(start) > Patience)
            {
                throw new BenchException(ended is null ? $"waited in vain until {what}" : $"the {ended.Name} has ended")
                {
                    Details = string.Join('\n', _processes.Append(_scheduler).OfType<ControlProcess>().Select(static p => $"{p.Name}: {p.Said}")),
                };
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), _time, cancellationToken);
        }
    }

    private static Func<Task<bool>> Listens(int port) => async () =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    };

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
