using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Substrate.Perf.Suites;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Perf.Proxy;

/// <summary>
/// The servers of the suite, each a process of its own: one backend, and before it nginx, HAProxy, YARP's bare forwarder and the proxy of
/// Substrate, with a record in a Redis of its own that says that the actor runs at the backend.
/// </summary>
internal sealed class Servers : IAsyncDisposable
{
    public const string Backend = "backend";
    public const string Nginx = "nginx";
    public const string HaProxy = "HAProxy";
    public const string Yarp = "bare YARP";
    public const string Substrate = "Substrate";

    public static readonly ActorKey Actor = new("bench", "actor");

    private static readonly TemplateKey Template = new("bench", "backend");

    private readonly List<ServerProcess> _processes = [];
    private readonly Dictionary<string, (ServerProcess Server, (int Http1, int Http2) Ports)> _byName = [];
    private readonly string _work;
    private readonly TimeProvider _time;
    private readonly int _redis = FreePort();
    private ConnectionMultiplexer? _store;

    private Servers(string work, TimeProvider time) => (_work, _time) = (work, time);

    /// <summary>Host by which requests name the actor.</summary>
    public static string Host => $"{Actor.Name}.{Actor.Atespace}.actors.localhost";

    public ActorStore Actors => new(_store!);

    public static async Task<Servers> StartAsync(string work, TimeProvider time, CancellationToken cancellationToken)
    {
        var servers = new Servers(work, time);
        try
        {
            await servers.StartAllAsync(cancellationToken);
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public (ServerProcess Server, (int Http1, int Http2) Ports) this[string name] => _byName[name];

    /// <summary>Starts one more proxy of Substrate, under other settings of the runtime.</summary>
    public async Task StartSubstrateAsync(string name, IReadOnlyDictionary<string, string>? environment, params string[] options)
    {
        var port = FreePort();
        var server = await ServerProcess.StartAsync(
            Path.Combine(_work, $"{name.Replace(' ', '-')}.log"), [port], environment, _time,
            [
                "dotnet", Published("Substrate.Proxy"), $"--Proxy:Listen=http://127.0.0.1:{port}", "--Proxy:OpsListen=",
                FormattableString.Invariant($"--Redis:ConnectionString=127.0.0.1:{_redis}"), "--Logging:LogLevel:Default=Warning", .. options,
            ]);
        Add(name, server, port, port);
    }

    /// <summary>Says that the actor runs somewhere.</summary>
    public async Task RunsAtAsync(ActorKey actor, string endpoint)
    {
        if (await Actors.GetAsync(actor) is null)
        {
            await Actors.CreateAsync(actor, Guid.NewGuid().ToString("N"), Template, new Dictionary<string, string>());
        }

        var claim = await Actors.ClaimAsync(actor, Guid.NewGuid().ToString("N"), "bench", TimeSpan.FromMinutes(10));
        var running = await Actors.RunningAsync(actor, claim.Record!.Epoch, "bench", endpoint);
        if (!running.Done)
        {
            throw new BenchException($"the record of {actor} could not be written: {running.Outcome}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }

        foreach (var process in Enumerable.Reverse(_processes))
        {
            await process.DisposeAsync();
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task StartAllAsync(CancellationToken cancellationToken)
    {
        var (backend, nginx1, nginx2, haproxy1, haproxy2, yarp1, yarp2) = (FreePort(), FreePort(), FreePort(), FreePort(), FreePort(), FreePort(), FreePort());
        await File.WriteAllTextAsync(Path.Combine(_work, "large"), new string('x', ProxyCase.LargeBytes), cancellationToken);
        Add(Backend, await NginxAsync("backend", ServerConfigs.Backend(_work, backend), backend), backend, 0);
        Add(Nginx, await NginxAsync("nginx", ServerConfigs.Nginx(_work, nginx1, nginx2, backend), nginx1, nginx2), nginx1, nginx2);

        var haproxy = Path.Combine(_work, "haproxy.cfg");
        await File.WriteAllTextAsync(haproxy, ServerConfigs.HaProxy(haproxy1, haproxy2, backend), cancellationToken);
        Add(HaProxy, await ServerProcess.StartAsync(Path.Combine(_work, "haproxy.log"), [haproxy1, haproxy2], null, _time, "haproxy", "-db", "-f", haproxy), haproxy1, haproxy2);
        Add(
            Yarp,
            await ServerProcess.StartAsync(
                Path.Combine(_work, "yarp.log"), [yarp1, yarp2], null, _time,
                "dotnet", Published("Substrate.Perf.BareYarp"), Text(yarp1), Text(yarp2), $"http://127.0.0.1:{backend}"),
            yarp1,
            yarp2);

        _processes.Add(await ServerProcess.StartAsync(
            Path.Combine(_work, "redis.log"), [_redis], null, _time, "redis-server", "--port", Text(_redis), "--save", "", "--appendonly", "no", "--dir", _work));
        _store = await ConnectionMultiplexer.ConnectAsync(FormattableString.Invariant($"127.0.0.1:{_redis}"));
        await RunsAtAsync(Actor, FormattableString.Invariant($"127.0.0.1:{backend}"));
        await StartSubstrateAsync(Substrate, null);
    }

    private async Task<ServerProcess> NginxAsync(string name, string configuration, params int[] ports)
    {
        var file = Path.Combine(_work, $"{name}.conf");
        await File.WriteAllTextAsync(file, configuration);
        return await ServerProcess.StartAsync(Path.Combine(_work, $"{name}.log"), ports, null, _time, "nginx", "-e", "stderr", "-p", _work, "-c", file);
    }

    private void Add(string name, ServerProcess server, int http1, int http2)
    {
        _processes.Add(server);
        _byName[name] = (server, (http1, http2));
    }

    // Built beside the program that measures.
    private static string Published(string project) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", project, "release", project + ".dll"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
