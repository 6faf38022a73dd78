using Substrate.State.Actors;
using Substrate.State.Nodes;
using Substrate.State.Storage;

namespace Substrate.Scheduler.Api;

/// <summary>Says what the operator wants of a node: it stands in the node's record, and the node learns it with its next renewal.</summary>
internal sealed class NodeWishes(NodeRegistry nodes, ILogger<NodeWishes> logger)
{
    public async Task WishAsync(string node, NodeWish wish)
    {
        if (node.Length == 0)
        {
            throw ApiErrors.Invalid("node is required");
        }

        if (Names.Violation(node) is { } violation)
        {
            throw ApiErrors.Invalid($"invalid node: {violation}");
        }

        if (!await nodes.WishAsync(node, wish))
        {
            throw ApiErrors.NodeNotFound(node);
        }

        SchedulerLog.Wished(logger, node, wish.ToString());
    }
}
