using Grpc.Core;
using Substrate.AteApi;
using Substrate.Cli.Connection;
using Substrate.Cli.Output;
using Substrate.Perf.Installations;

namespace Substrate.Cli.Multiplexing;

/// <summary>Many counter actors take turns on few slots; every answer must come from the right one with the right counts.</summary>
internal sealed class Multiplex(MultiplexPlan plan, ApiClient api, Screen screen, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private (int Running, int Resting) _states;

    /// <summary>True when every request was answered rightly.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var cast = new Cast(api, MultiplexPlan.Atespace, IInstallation.Counter, plan.Names);
        screen.Note($"creating {plan.Actors} actors");
        var tally = new Tally(plan.Actors * plan.Requests);
        var started = time.GetTimestamp();
        try
        {
            await cast.CreateAsync(cancellationToken);
            started = time.GetTimestamp();
            using var over = new CancellationTokenSource();
            var work = AskAllAsync(tally, cancellationToken);
            var watch = WatchAsync(over.Token);
            await new Display(screen, tally, () => _states, time).RunAsync(work);
            await over.CancelAsync();
            await watch;
            await work;
        }
        finally
        {
            if (!plan.Keep)
            {
                screen.Note($"deleting {plan.Actors} actors");
                await cast.DeleteAsync(CancellationToken.None);
            }
        }

        return Summarise(tally, time.GetElapsedTime(started));
    }

    private async Task AskAllAsync(Tally tally, CancellationToken cancellationToken)
    {
        var expected = plan.Names.Select(static n => new ExpectedCount(MultiplexPlan.Atespace, n)).ToArray();
        using var requester = new Requester(plan, tally, time);
        await Parallel.ForEachAsync(
            plan.Order().Select(static (actor, i) => (actor, i)),
            new ParallelOptions { MaxDegreeOfParallelism = plan.Concurrency, CancellationToken = cancellationToken },
            async (next, ct) => await requester.AskAsync(expected[next.actor], byHost: next.i % 2 == 1, ct));
        Array.ForEach(expected, static e => e.Dispose());
    }

    private async Task WatchAsync(CancellationToken over)
    {
        try
        {
            while (true)
            {
                var mine = (await api.ListAllActorsAsync(MultiplexPlan.Atespace, over)).Actors.Where(static a => a.ActorId.StartsWith("m-", StringComparison.Ordinal));
                var running = 0;
                var resting = 0;
                foreach (var actor in mine)
                {
                    (running, resting) = actor.Status is Actor.Types.Status.Paused or Actor.Types.Status.Suspended ? (running, resting + 1) : (running + 1, resting);
                }

                _states = (running, resting);
                await Task.Delay(Glance, time, over);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or RpcException)
        {
            // The display only lacks these two numbers then; requests are judged by their answers.
        }
    }

    private bool Summarise(Tally tally, TimeSpan took)
    {
        var now = tally.Now();
        foreach (var problem in tally.Problems)
        {
            screen.Note($"  {problem}");
        }

        screen.Say(FormattableString.Invariant(
            $"{plan.Actors} actors, {now.Done} requests in {took.TotalSeconds:0.0} s: {now.Right} right, {now.Wrong} wrong, {now.Failed} failed; p50 {now.P50.TotalMilliseconds:0} ms, p99 {now.P99.TotalMilliseconds:0} ms"));
        return now.Right == tally.Total;
    }
}
