namespace Substrate.NodeAgents;

/// <summary>A node's answer, or why there is none.</summary>
/// <param name="Reply">The answer; null when the node could not be reached or the call ended without one, so that what it did is unknown.</param>
/// <param name="Problem">Why there is no answer, in words for people; empty when there is one.</param>
internal readonly record struct NodeAnswer<T>(T? Reply, string Problem)
    where T : class;
