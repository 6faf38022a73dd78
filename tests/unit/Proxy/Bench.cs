using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Substrate.Proxy.Activation;
using Substrate.Proxy.Configuration;
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
        Live = new LiveOptions(Options);
        Metrics = new ProxyMetrics(Prometheus.Metrics.WithCustomRegistry(Registry), Time);
        Routes = new RouteTable(new ActorConnections(Live, new(), Time), Live, Metrics, Time);
        Flights = new Flights(Activation, Routes, Live, Metrics, Time, NullLogger<Flights>.Instance);
    }

    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    public ProxyOptions Options { get; }

    public LiveOptions Live { get; }

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
        Live.Dispose();
    }
}

/// <summary>An activation that ends when and as the test says.</summary>
internal sealed class FakeActivation : IActivation
{
    public ConcurrentQueue<Call> Calls { get; } = new();

    public async Task<Activated> ActivateAsync(ActorKey key, long deadEpoch, TimeSpan limit, CancellationToken cancellationToken)
    {
        var call = new Call(key, deadEpoch, limit, cancellationToken);
        Calls.Enqueue(call);
        return new(await call.Answer.Task.WaitAsync(cancellationToken), null);
    }

    internal sealed record Call(ActorKey Key, long DeadEpoch, TimeSpan Limit, CancellationToken Token)
    {
        public TaskCompletionSource<ActivationResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Runs(ActorRecord record) => Answer.SetResult(new(ActivationOutcome.Running, record));

        public void Ends(ActivationOutcome outcome, string reason = "because") => Answer.SetResult(new(outcome, null, reason));
    }
}
