using Substrate.Proxy.ComponentTests.World;
using Substrate.TestSupport.Polling;

namespace Substrate.Proxy.ComponentTests.Churn;

/// <summary>Does to one actor, again and again, what can happen to actors.</summary>
internal sealed class Disturbance(Installation world, Subject subject, Random random)
{
    /// <summary>Answers between two disturbances, so that there are requests to disturb.</summary>
    private const int Between = 15;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await subject.AnswersAsync(Between, cancellationToken);
                if (Find() is not { } found)
                {
                    continue;
                }

                await (random.Next(4) switch
                {
                    0 => CrashAsync(found.Node, found.Actor),
                    1 => RestAsync(found.Node, found.Actor, stored: false),
                    _ => RestAsync(found.Node, found.Actor, stored: true),
                });
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // All requests were made.
        }
    }

    private (FakeNode Node, FakeActor Actor)? Find()
    {
        foreach (var node in world.Nodes)
        {
            if (node.Actors.TryGetValue(subject.Key, out var actor))
            {
                return (node, actor);
            }
        }

        return null;
    }

    // As a node does it: the record first, then no new connections, then what is in flight ends, and only then the process. What is
    // stored may wake on any node.
    private async Task RestAsync(FakeNode node, FakeActor actor, bool stored)
    {
        if (!(await world.Store.BeginPauseAsync(subject.Key, actor.Epoch, TimeSpan.FromMinutes(1))).Done)
        {
            return;
        }

        await actor.CloseGateAsync();
        await Eventually.TrueAsync(() => actor.Connections == 0, Installation.Soon, "what is in flight ends");
        await node.EndAsync(subject.Key);
        var snapshot = $"{actor.Epoch}-snap";
        Assert.True((await world.Store.PausedAsync(subject.Key, actor.Epoch, snapshot, node.Id, 1)).Done);
        if (stored)
        {
            await world.Store.UploadedAsync(subject.Key, snapshot);
        }

        subject.Rests++;
    }

    // The process dies, and its node says so; or the node dies, and the scheduler says so. To the proxies both are the same.
    private async Task CrashAsync(FakeNode node, FakeActor actor)
    {
        if (!subject.TryCrash())
        {
            return;
        }

        await node.EndAsync(subject.Key);
        await world.Store.LostAsync(subject.Key, actor.Epoch, node.Id, "it died");
        subject.Crashes++;
    }
}
