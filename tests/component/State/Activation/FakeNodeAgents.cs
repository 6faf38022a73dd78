using System.Collections.Concurrent;
using Substrate.State.Activation;
using Substrate.State.Actors;
using Substrate.State.Nodes;

namespace Substrate.State.ComponentTests.Activation;

/// <summary>One call to a node.</summary>
public sealed record NodeCall(string Node, ActorRecord Record, bool Boot, TimeSpan Wait);

/// <summary>Nodes that answer as a test says.</summary>
public sealed class FakeNodeAgents : INodeAgents
{
    public ConcurrentQueue<NodeCall> Activations { get; } = new();

    public ConcurrentQueue<NodeCall> Wakes { get; } = new();

    /// <summary>What a node does when it is asked to activate.</summary>
    public required Func<NodeCall, CancellationToken, Task<NodeActivation>> OnActivate { get; set; }

    /// <summary>What a node does when it is told of a request.</summary>
    public Func<NodeCall, Task> OnWake { get; set; } = static _ => Task.CompletedTask;

    public Task<NodeActivation> ActivateAsync(
        NodeStatus node, ActorRecord record, bool boot, TimeSpan wait, CancellationToken cancellationToken)
    {
        var call = new NodeCall(node.Id, record, boot, wait);
        Activations.Enqueue(call);
        return OnActivate(call, cancellationToken);
    }

    public Task WakeAsync(NodeStatus node, ActorRecord record, CancellationToken cancellationToken)
    {
        var call = new NodeCall(node.Id, record, Boot: false, TimeSpan.Zero);
        Wakes.Enqueue(call);
        return OnWake(call);
    }
}
