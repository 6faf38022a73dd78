using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Routes;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Templates;

namespace Substrate.Proxy.UnitTests;

/// <summary>Routes and flights on a fake clock, over an activation that the test decides.</summary>
internal sealed class Bench : IDisposable
{
    public Bench(ProxyOptions? options = null)
    {
        Options = options ?? new ProxyOptions();
        var wrapped = Microsoft.Extensions.Options.Options.Create(Options);
        Metrics = new ProxyMetrics(Prometheus.Metrics.WithCustomRegistry(Registry));
        Routes = new RouteTable(new ActorConnections(wrapped, new(), Time), wrapped, Metrics, Time);
        Flights = new Flights(Activation, Routes, wrapped, Metrics, Time, NullLogger<Flights>.Instance);
    }

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public ProxyOptions Options { get; }

    public FakeTimeProvider Time { get; } = new();

    public ProxyMetrics Metrics { get; }

    public FakeActivation Activation { get; } = new();

    public RouteTable Routes { get; }

    public Flights Flights { get; }

    public static ActorRecord Record(string name = "alice", long epoch = 1, long version = 10, ActorState state = ActorState.Running) => new()
    {
        Key = new ActorKey("demo", name),
        State = state,
        Epoch = epoch,
        Version = version,
        Template = new TemplateKey("demo", "counter"),
        Uid = "uid",
        Endpoint = $"127.0.0.1:{20_000 + epoch}",
    };

    public void Dispose()
    {
        Flights.Dispose();
        Routes.Dispose();
    }
}

/// <summary>An activation that ends when and as the test says.</summary>
internal sealed class FakeActivation : IActivation
{
    public ConcurrentQueue<Call> Calls { get; } = new();

    public Task<ActivationResult> ActivateAsync(ActorKey key, long deadEpoch, TimeSpan limit, CancellationToken cancellationToken)
    {
        var call = new Call(key, deadEpoch, limit, cancellationToken);
        Calls.Enqueue(call);
        return call.Answer.Task.WaitAsync(cancellationToken);
    }

    internal sealed record Call(ActorKey Key, long DeadEpoch, TimeSpan Limit, CancellationToken Token)
    {
        public TaskCompletionSource<ActivationResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Runs(ActorRecord record) => Answer.SetResult(new(ActivationOutcome.Running, record));

        public void Ends(ActivationOutcome outcome, string reason = "because") => Answer.SetResult(new(outcome, null, reason));
    }
}
