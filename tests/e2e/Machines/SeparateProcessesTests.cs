using System.Net.Http.Json;
using Substrate.EndToEndTests.World;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Redis;

namespace Substrate.EndToEndTests.Machines;

/// <summary>Proxy, scheduler and two node agents as processes of their own against a real Redis: what differs is configuration alone.</summary>
public sealed class SeparateProcessesTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromMinutes(2) };

    private readonly ScratchDirectory _directory = new();
    private readonly RedisServer _redis = new();
    private readonly Dictionary<string, ChildProcess> _processes = [];
    private readonly int _ingress = FreePort.Next();
    private readonly int _admin = FreePort.Next();

    private string Endpoint => $"https://127.0.0.1:{_admin}";

    public async ValueTask InitializeAsync()
    {
        Requirements.Check();
        await _redis.InitializeAsync();
        StartRole("scheduler", $"--Scheduler:Listen={Endpoint}", "--Scheduler:OpsListen=", $"--Scheduler:DataDirectory={Path.Combine(_directory.Path, "scheduler")}");
        StartNode("n1");
        StartNode("n2");
        StartRole("proxy", $"--Proxy:Listen=http://127.0.0.1:{_ingress}", "--Proxy:OpsListen=");
        try
        {
            await Eventually.TrueAsync(
                async () => (await Cli.RunAsync("get", "workers", "--endpoint", Endpoint)) is { ExitCode: 0 } workers
                    && workers.Output.Contains("n1-", StringComparison.Ordinal) && workers.Output.Contains("n2-", StringComparison.Ordinal),
                Soon,
                "both nodes have joined");
        }
        catch (Exception e)
        {
            var said = string.Join('\n', _processes.Select(static p => $"{p.Key}: {p.Value.Output}"));
            await DisposeAsync();
            throw new InvalidOperationException($"{e.Message}\n{said}", e);
        }

        await Cli.OkAsync("create", "atespace", "demo", "--endpoint", Endpoint);
        await Cli.OkAsync("apply", "-f", Path.Combine(Cli.Home, "demos", "counter", "counter.yaml"), "--wait", "--endpoint", Endpoint);
        await Cli.OkAsync("create", "actor", "alice", "-a", "demo", "-t", "demo/counter", "--endpoint", Endpoint);
    }

    [Fact]
    public async Task Actor_SuspendedOnOneNode_WakesOnTheOtherWithItsMemory()
    {
        var first = await CountAsync();
        var node = await NodeAsync();
        await Cli.OkAsync("suspend", "actor", "alice", "-a", "demo", "--endpoint", Endpoint);
        await StopAsync(node);

        var woken = await CountAsync();

        Assert.Equal(("alice", 2, 2, first.StartedAt), (woken.Actor, woken.Memory, woken.File, woken.StartedAt));
        Assert.NotEqual(node, await NodeAsync());
    }

    [Fact]
    public async Task Node_ThatIsKilled_LosesItsActorsToTheOtherAtTheirNewestSnapshot()
    {
        await CountAsync();
        await Cli.OkAsync("suspend", "actor", "alice", "-a", "demo", "--endpoint", Endpoint);
        await CountAsync();
        var node = await NodeAsync();

        await KillAsync(node);

        // The record goes back once the lease has run out; the state since the snapshot is gone, and the reason says so.
        await Eventually.TrueAsync(async () => await NodeAsync() != node, Soon, "the scheduler has declared the actor lost");
        var woken = await CountAsync();
        Assert.Equal((2, 2), (woken.Memory, woken.File));

        // The same node comes back, removes what it left, and serves again.
        StartNode(node);
        await Eventually.TrueAsync(
            async () => (await Cli.RunAsync("get", "workers", "--endpoint", Endpoint)).Output.Contains(node, StringComparison.Ordinal), Soon, "the node is back");
        Assert.Equal(3, (await CountAsync()).Memory);
    }

    [Fact]
    public async Task Scheduler_ThatIsKilled_StopsNoActivation()
    {
        await CountAsync();
        await Cli.OkAsync("pause", "actor", "alice", "-a", "demo", "--endpoint", Endpoint);

        await KillAsync("scheduler");

        Assert.Equal(2, (await CountAsync()).Memory);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var name in _processes.Keys.Order(StringComparer.Ordinal).ToArray())
        {
            await StopAsync(name);
        }

        await _redis.DisposeAsync();
        _directory.Dispose();
    }

    private void StartNode(string name) => StartAs(
        "nodeagent",
        name,
        $"--Node:Id={name}-{Environment.ProcessId}",
        $"--Node:Listen=http://127.0.0.1:{FreePort.Next()}",
        "--Node:OpsListen=",
        $"--Node:DataDirectory={Path.Combine(_directory.Path, name)}",
        $"--Node:StoreDirectory={Path.Combine(_directory.Path, "store")}",
        "--Node:Slots=2",
        "--Node:Lease=00:00:05");

    private void StartRole(string role, params string[] options) => StartAs(role, role, options);

    private void StartAs(string role, string name, params string[] options) => _processes[name] = ChildProcess.Start(
        "dotnet", [Cli.Program, "run", role, $"--Redis:ConnectionString={_redis.ConnectionString}", .. options], null, Cli.Environment);

    private async Task KillAsync(string name)
    {
        await _processes[name].DisposeAsync();
        _processes.Remove(name);
    }

    private async Task StopAsync(string name)
    {
        var process = _processes[name];
        if (!process.HasExited)
        {
            using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await Eventually.TrueAsync(() => process.HasExited, TimeSpan.FromSeconds(60), $"{name} has stopped: {process.Output}");
        }

        await process.DisposeAsync();
        _processes.Remove(name);
    }

    private async Task<Count> CountAsync()
    {
        using var response = await Http.GetAsync($"http://127.0.0.1:{_ingress}/actors/demo/alice/", TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}\n{string.Join('\n', _processes.Values.Select(static p => p.Output))}");
        return (await response.Content.ReadFromJsonAsync<Count>(TestContext.Current.CancellationToken))!;
    }

    // The node that runs alice, as a key of the processes; empty while she rests.
    private async Task<string> NodeAsync()
    {
        var output = await Cli.OkAsync("get", "actor", "alice", "-a", "demo", "-o", "json", "--endpoint", Endpoint);
        using var json = System.Text.Json.JsonDocument.Parse(output);
        var root = json.RootElement.TryGetProperty("actor", out var inner) ? inner : json.RootElement;
        return root.TryGetProperty("ateomPodName", out var pod) ? pod.GetString()!.Split('-')[0] : "";
    }
}
