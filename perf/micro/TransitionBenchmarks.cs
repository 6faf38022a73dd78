using BenchmarkDotNet.Attributes;
using StackExchange.Redis;
using Substrate.Cli.Standalone;
using Substrate.State.Actors;
using Substrate.State.Storage;
using Substrate.State.Templates;

namespace Substrate.Perf.Micro;

/// <summary>The transitions of an actor that wakes and is paused again, against the embedded store: six round trips, with store and client in one process.</summary>
[MemoryDiagnoser]
public class TransitionBenchmarks : IAsyncDisposable
{
    private const int Port = 28_379;

    private static readonly ActorKey Actor = new("team-a", "agent-1");
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private DirectoryInfo? _directory;
    private EmbeddedStore? _embedded;
    private ConnectionMultiplexer? _redis;
    private ActorStore? _actors;
    private int _claims;

    /// <summary>Starts the store and creates the actor.</summary>
    [GlobalSetup]
    public async Task SetupAsync()
    {
        _directory = Directory.CreateTempSubdirectory("substrate-micro-");
        _embedded = EmbeddedStore.Start(_directory.FullName, Port);
        _redis = await ConnectionMultiplexer.ConnectAsync(_embedded.ConnectionString);
        _actors = new ActorStore(_redis);
        await _actors.CreateAsync(Actor, "uid", new TemplateKey("demo", "counter"), new Dictionary<string, string>());
    }

    [Benchmark]
    public async Task<bool> WakeAndPauseAsync()
    {
        var claimed = await _actors!.ClaimAsync(Actor, $"claim-{++_claims}", "node-1", Within);
        var epoch = claimed.Record!.Epoch;
        await _actors.RunningAsync(Actor, epoch, "node-1", "10.0.0.1:12000");
        await _actors.BeginPauseAsync(Actor, epoch, Within);
        var paused = await _actors.PausedAsync(Actor, epoch, $"{epoch}-snapshot", "node-1", 7 << 20);
        return paused.Done ? true : throw new InvalidOperationException($"the pause ended as {paused.Outcome}");
    }

    [Benchmark]
    public async Task<long> ReadAsync() => (await _actors!.GetAsync(Actor))!.Epoch;

    /// <summary>Stops the store.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        await (_redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_embedded?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory?.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
