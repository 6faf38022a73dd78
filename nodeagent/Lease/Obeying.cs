using Microsoft.Extensions.Options;
using Substrate.NodeAgent.Actors;
using Substrate.State.Nodes;

namespace Substrate.NodeAgent.Lease;

/// <summary>
/// Does what the operator wants of the node. Cordoned and draining nodes are placed on no more; while it is to be drained, every live
/// actor is suspended as soon as no request of it is in flight. Actors whose only copy is here still wake here until the store has them.
/// </summary>
internal sealed class Obeying(
    IOptions<NodeOptions> options, NodeIdentity identity, LiveActors live, Suspending suspending, NodeSignal signal, TimeProvider time, ILogger<Obeying> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TaskCompletionSource _wished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes note of what is wanted.</summary>
    public void Obey(NodeWish wish)
    {
        if (identity.Wish == wish)
        {
            return;
        }

        identity.Wish = wish;
        Log.Wished(logger, options.Value.Id, wish.ToString());
        Volatile.Read(ref _wished).TrySetResult();
        signal.Changed();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _wished, wished);
            if (identity.Wish == NodeWish.Drain)
            {
                await Parallel.ForEachAsync(
                    live.All.Where(static actor => actor.Phase == LivePhase.Running).ToArray(),
                    new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = CancellationToken.None },
                    async (actor, _) => await SuspendAsync(actor));
            }

            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(wished.Task, Task.Delay(identity.Wish == NodeWish.Drain ? Interval : Timeout.InfiniteTimeSpan, time, timer.Token));
            await timer.CancelAsync();
        }
    }

    // One that is busy is asked again in the next round.
    private async Task SuspendAsync(LiveActor actor)
    {
        try
        {
            await suspending.SuspendAsync(actor.Key, actor.Epoch, pause: false, options.Value.Grace);
        }
        catch (Exception e)
        {
            Log.DrainFailed(logger, actor.Key.ToString(), e.Message);
        }
    }
}
