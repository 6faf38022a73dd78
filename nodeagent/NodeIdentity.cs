using Substrate.State.Nodes;

namespace Substrate.NodeAgent;

/// <summary>Facts about this run of the agent, settled before it serves.</summary>
internal sealed class NodeIdentity
{
    /// <summary>Random name of this run; epochs fence actors, this fences the node's own name.</summary>
    public string Incarnation { get; } = Guid.NewGuid().ToString("N");

    /// <summary>The run that this one provably follows, since it holds the data directory's lock; empty when there was none.</summary>
    public string Follows { get; set; } = "";

    /// <summary>Version of the sandbox runtime.</summary>
    public string Runtime { get; set; } = "";

    /// <summary>True from the moment the node takes no further activations.</summary>
    public bool Draining { get; set; }

    /// <summary>What the operator wants of the node.</summary>
    public NodeWish Wish { get; set; }

    /// <summary>True while the lease is not certain: every sandbox is frozen.</summary>
    public bool Fenced { get; set; }
}
