using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Substrate.NodeAgent.ComponentTests.Actors;
using Substrate.NodeAgent.V1;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;
using Substrate.TestSupport.Polling;
using Substrate.TestSupport.Processes;
using Substrate.TestSupport.Redis;

namespace Substrate.NodeAgent.ComponentTests.Killed;

/// <summary>A node agent as a process of its own, which a test may kill at any instruction, or at a named one, and start again.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly RedisServer _redis = new();
    private readonly ScratchDirectory _directory = new();
    private readonly string _program = Path.Combine(AppContext.BaseDirectory, "Substrate.NodeAgent.dll");
    private readonly string _address = $"http://127.0.0.1:{FreePort.Next()}";
    private readonly int _opsPort = FreePort.Next();
    private readonly int _slots;
    private ServiceProvider? _state;
    private GrpcChannel? _channel;
    private ChildProcess? _process;

    private AgentProcess(int slots) => _slots = slots;

    public string Id { get; } = "k" + Guid.NewGuid().ToString("N")[..6];

    public string Data => Path.Combine(_directory.Path, "node");

    public ActorStore Actors => _state!.GetRequiredService<ActorStore>();

    public int Pid => _process!.Id;

    private string FaultFile => Path.Combine(_directory.Path, "fault");

    public static async Task<AgentProcess> StartAsync(int slots = 3)
    {
        Machine.RequireSandboxes();
        var agent = new AgentProcess(slots);
        try
        {
            await agent._redis.InitializeAsync();
            var configuration = new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["Redis:ConnectionString"] = agent._redis.ConnectionString }).Build();
            agent._state = new ServiceCollection().AddLogging().AddSubstrateState(configuration).BuildServiceProvider();
            agent._channel = GrpcChannel.ForAddress(agent._address);
            await agent.StartAgainAsync();
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the agent in its directories and waits until it serves.</summary>
    public async Task StartAgainAsync()
    {
        _process = ChildProcess.Start("dotnet",
        [
            _program,
            $"--Redis:ConnectionString={_redis.ConnectionString}", $"--Node:Id={Id}", $"--Node:Listen={_address}", $"--Node:OpsListen=http://127.0.0.1:{_opsPort}",
            $"--Node:DataDirectory={Data}", $"--Node:StoreDirectory={Path.Combine(_directory.Path, "store")}", $"--Node:Slots={_slots}",
            $"--Node:Lease={Lease}", $"--Node:FaultFile={FaultFile}", "--Logging:LogLevel:Default=Warning",
        ]);
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return _process.HasExited || (await http.GetAsync($"http://127.0.0.1:{_opsPort}/healthz")).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            Soon,
            "the agent serves");
        Assert.False(_process.HasExited, _process.Output);
    }

    /// <summary>Names the step at which the agent ends next.</summary>
    public void EndAt(string point) => File.WriteAllText(FaultFile, point);

    /// <summary>Waits until the agent has ended by itself.</summary>
    public Task EndedAsync() => _process!.WaitAsync(Soon);

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>Asks the agent to stop, and waits until it has.</summary>
    public Task StopAsync() => _process!.TerminateAsync(Soon);

    /// <summary>One sample of the agent's metrics, summed over labels that contain <paramref name="label"/>.</summary>
    public async Task<double> MetricAsync(string name, string label = "")
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync($"http://127.0.0.1:{_opsPort}/metrics");
        return text.Split('\n')
            .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && line.Contains(label, StringComparison.Ordinal))
            .Sum(static line => double.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    public async Task ApplyCounterAsync()
    {
        var template = new TemplateRecord
        {
            Key = NodeFixture.Counter,
            Uid = Guid.NewGuid().ToString("N"),
            Phase = TemplatePhase.Building,
            Spec = new TemplateSpec
            {
                Container = new ContainerSpec { Name = "counter", Image = $"oci:{Machine.CounterImage}:latest", Port = 8080, ReadyPath = "/readyz" },
            },
        };
        var templates = _state!.GetRequiredService<TemplateStore>();
        await templates.SwapAsync(0, template);
        var built = await CallAsync<BuildGoldenRequest, BuildGoldenReply>("BuildGolden", new BuildGoldenRequest
        {
            TemplateNamespace = template.Key.Namespace,
            TemplateName = template.Key.Name,
            TemplateUid = template.Uid,
        });
        Assert.True(built.Built, built.Reason);
        var version = (await templates.GetAsync(template.Key))!.Version;
        await templates.SwapAsync(version, template with
        {
            Phase = TemplatePhase.Ready,
            ImageDigest = built.ImageDigest,
            GoldenSnapshot = built.Snapshot,
            GoldenBytes = built.Bytes,
        });
    }

    public async Task<ActorKey> CreateAsync(string name)
    {
        var key = new ActorKey("demo", name);
        await Actors.CreateAsync(key, Guid.NewGuid().ToString("N"), NodeFixture.Counter, new Dictionary<string, string>());
        return key;
    }

    /// <summary>Claims the actor for this node and activates it, as a proxy would; throws when the agent ends meanwhile.</summary>
    public async Task<ActivateReply> ActivateAsync(ActorKey key)
    {
        var claim = await Actors.ClaimAsync(key, Guid.NewGuid().ToString("N"), Id, TimeSpan.FromMinutes(1));
        Assert.True(claim.Done, $"claim of {key}: {claim.Outcome} ({claim.Record?.State})");
        return await CallAsync<ActivateRequest, ActivateReply>("Activate", new ActivateRequest
        {
            Actor = Message(key),
            Epoch = claim.Record!.Epoch,
            TemplateNamespace = claim.Record.Template.Namespace,
            TemplateName = claim.Record.Template.Name,
            Snapshot = claim.Record.Snapshot?.Id ?? "",
            WaitMs = 20_000,
        });
    }

    /// <summary>Suspends the running actor; throws when the agent ends meanwhile.</summary>
    public async Task<SuspendReply> SuspendAsync(ActorKey key, bool pause = true) => await CallAsync<SuspendRequest, SuspendReply>(
        "Suspend", new SuspendRequest { Actor = Message(key), Epoch = (await Actors.GetAsync(key))!.Epoch, Pause = pause, Patient = true });

    public async Task<WakeReply> WakeAsync(ActorKey key, long epoch) =>
        await CallAsync<WakeRequest, WakeReply>("Wake", new WakeRequest { Actor = Message(key), Epoch = epoch });

    public async Task<ListSandboxesReply> ListAsync() => await CallAsync<ListSandboxesRequest, ListSandboxesReply>("ListSandboxes", new ListSandboxesRequest());

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: true, ExitCode: not 0 } && _state is not null)
        {
            // Whatever was killed is started once more, since only the agent can clear away what it left.
            await StartAgainAsync();
        }

        if (_process is not null)
        {
            await _process.TerminateAsync(Soon);
            await _process.DisposeAsync();
        }

        _channel?.Dispose();
        if (_state is not null)
        {
            await _state.DisposeAsync();
        }

        await _redis.DisposeAsync();
        _directory.Dispose();
    }

    private static V1.Actor Message(ActorKey key) => new() { Atespace = key.Atespace, Name = key.Name };

    private async Task<TReply> CallAsync<TRequest, TReply>(string name, TRequest request)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        var method = new Method<TRequest, TReply>(
            MethodType.Unary,
            "substrate.node.v1.NodeAgentApi",
            name,
            Marshallers.Create(static m => m.ToByteArray(), new MessageParser<TRequest>(static () => new TRequest()).ParseFrom),
            Marshallers.Create(static m => m.ToByteArray(), new MessageParser<TReply>(static () => new TReply()).ParseFrom));
        return await _channel!.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(cancellationToken: TestContext.Current.CancellationToken), request);
    }
}
