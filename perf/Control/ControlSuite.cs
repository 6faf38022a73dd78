using Substrate.Perf.Suites;

namespace Substrate.Perf.Control;

/// <summary>The control plane without sandboxes: activations per second and their CPU, a million actors, placement, a scheduler that dies.</summary>
internal sealed class ControlSuite : ISuite
{
    private const int Callers = 48;
    private const int Few = 10_000;
    private static readonly TimeSpan KillEvery = TimeSpan.FromSeconds(5);

    public string Name => "control";

    public string Summary =>
        "Simulated sandboxes: activations per second through all processes and what each costs, memory and latency with a million actors, placement on 1,000 nodes.";

    public (int Full, int Quick)? Rounds => null;

    public TimeSpan Limit => TimeSpan.FromMinutes(5);

    public async Task<SuiteResult> RunAsync(SuiteContext context, CancellationToken cancellationToken)
    {
        var placement = PlacementTiming.Measure(context.Time);
        await using var cluster = await ControlCluster.StartAsync(context.Time, cancellationToken);
        var population = new ControlPopulation(cluster, context.Time);
        await population.GrowAsync(0, Few, cancellationToken);
        using var load = new ControlLoad(cluster, Few, context.Time);

        context.Tell("as many activations as go");
        var seconds = context.Quick ? 8 : 20;
        await load.ClosedAsync(Callers, TimeSpan.FromSeconds(3), cancellationToken);
        var most = await load.ClosedAsync(Callers, TimeSpan.FromSeconds(seconds), cancellationToken);
        context.Tell($"{most.PerSecond:0} a second; now 70 % of that");
        var steady = await load.OpenAsync(0.7 * most.PerSecond, TimeSpan.FromSeconds(seconds), cancellationToken);
        context.Tell("now with the scheduler killed every 5 s");
        var killed = await KilledAsync(cluster, load, 0.3 * most.PerSecond, TimeSpan.FromSeconds(seconds), cancellationToken);
        Sound([most, steady, killed], load);

        var (few, many) = (Few, context.Quick ? 100_000 : 1_000_000);
        var samples = context.Quick ? 200 : 500;
        var (activation, get, list) = (await load.OneByOneAsync(samples, cancellationToken), await population.GetAsync(few, samples), await population.ListAsync(few, samples, cancellationToken));
        context.Tell($"now {many} actors");
        var bytes = await population.GrowAsync(few, many, cancellationToken);
        return ControlResults.Of(new ControlFindings
        {
            Most = most,
            Steady = steady,
            Killed = killed,
            Few = few,
            Many = many,
            BytesPerActor = bytes,
            Activation = new(activation, await load.OneByOneAsync(samples, cancellationToken)),
            Get = new(get, await population.GetAsync(many, samples)),
            List = new(list, await population.ListAsync(many, samples, cancellationToken)),
            Placement = placement,
        });
    }

    private static async Task<ControlMeasure> KilledAsync(
        ControlCluster cluster, ControlLoad load, double rate, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var killing = KillAsync(cluster, over.Token);
        var measure = await load.OpenAsync(rate, duration, cancellationToken);
        await over.CancelAsync();
        await killing;
        return measure;
    }

    private static async Task KillAsync(ControlCluster cluster, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(KillEvery, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await cluster.ReplaceSchedulerAsync();
        }
    }

    private static void Sound(ControlMeasure[] measures, ControlLoad load)
    {
        var failed = measures.Sum(static m => m.Failed);
        if (failed > 0)
        {
            throw new BenchException($"{failed} of the requests were not answered, or wrongly") { Details = string.Join('\n', load.Problems) };
        }
    }
}
