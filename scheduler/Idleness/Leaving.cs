using Substrate.State.Nodes;
using Substrate.State.Templates;
using Substrate.State.View;

namespace Substrate.Scheduler.Idleness;

/// <summary>Nodes that are to be empty soon: what is idle there does not wait for its template's time.</summary>
internal sealed class Leaving(PlanFeed plan)
{
    /// <summary>Idle time after which an actor leaves such a node: long enough that it is not cut off between two requests.</summary>
    private static readonly IdlePolicy Soon = new() { PauseAfter = TimeSpan.FromSeconds(2), SuspendAfter = TimeSpan.FromMilliseconds(1) };

    /// <summary>True when the plan empties the node, or the operator does.</summary>
    public bool Is(NodeLease node) =>
        node.Wish == NodeWish.Drain || plan.Current.Pools.Values.Any(pool => pool.Emptying.Contains(node.Status.Id));

    /// <summary>The policies that hold on a node.</summary>
    public IdlePolicyOf On(NodeLease node, IdlePolicyOf usual) => Is(node) ? static (_, _) => Soon : usual;
}
