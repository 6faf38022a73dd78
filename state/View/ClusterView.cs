using System.Collections.Immutable;

namespace Substrate.State.View;

/// <summary>The live nodes at one moment. Replaced as a whole; readers never lock.</summary>
/// <param name="Nodes">Live nodes, ordered by id.</param>
public sealed record ClusterView(ImmutableArray<NodeView> Nodes)
{
    public static readonly ClusterView Empty = new(ImmutableArray<NodeView>.Empty);

    public NodeView? Find(string id)
    {
        foreach (var node in Nodes)
        {
            if (node.Status.Id == id)
            {
                return node;
            }
        }

        return null;
    }
}
