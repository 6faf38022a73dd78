using System.Collections.Immutable;

namespace Substrate.State.View;

/// <summary>The live nodes at one moment. Replaced as a whole; readers never lock.</summary>
/// <param name="Nodes">Live nodes, in ordinal order of their ids.</param>
public sealed record ClusterView(ImmutableArray<NodeView> Nodes)
{
    public static readonly ClusterView Empty = new(ImmutableArray<NodeView>.Empty);

    public NodeView? Find(string id)
    {
        var (low, high) = (0, Nodes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(Nodes[middle].Status.Id, id);
            if (order == 0)
            {
                return Nodes[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
