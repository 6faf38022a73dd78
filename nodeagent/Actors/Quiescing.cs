namespace Substrate.NodeAgent.Actors;

/// <summary>What the wait for an actor's last connection came to.</summary>
internal enum Quiescence
{
    /// <summary>Nobody talks to it, or the node goes on regardless.</summary>
    Quiet,

    /// <summary>Connections are open and the time is up.</summary>
    Busy,

    /// <summary>A request wants it.</summary>
    Woken,

    /// <summary>Its process has ended.</summary>
    Ended,
}

/// <summary>Closes an actor to new connections and waits until those that are open have ended.</summary>
internal sealed class Quiescing(TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>New connections are refused from here on; a suspension that is called off opens the port again.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="suspension">The attempt; a wake ends the wait.</param>
    /// <param name="patience">Longest wait.</param>
    /// <param name="insist">Neither a wake nor an open connection stands in the way in the end.</param>
    public async Task<Quiescence> WaitAsync(LiveActor actor, Suspension suspension, TimeSpan patience, bool insist)
    {
        var (sandbox, start) = (actor.Sandbox!, time.GetTimestamp());
        await sandbox.Berth.Network.CloseAsync(sandbox.Port, CancellationToken.None);
        while (sandbox.Alive && actor.FlowsAtWork(time) > 0)
        {
            if (suspension.Woken.IsCompleted && !insist)
            {
                return Quiescence.Woken;
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                return insist ? Quiescence.Quiet : Quiescence.Busy;
            }

            await Task.Delay(Interval, time);
        }

        return sandbox.Alive ? Quiescence.Quiet : Quiescence.Ended;
    }
}
