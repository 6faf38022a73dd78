using Substrate.NodeAgent.Networks;

namespace Substrate.NodeAgent.Sandboxes;

/// <summary>A place for one sandbox: a network that is made once and used by one sandbox after another.</summary>
/// <param name="Index">Number of the berth on its node.</param>
/// <param name="Network">Its network.</param>
/// <param name="Flows">The connections through it.</param>
internal sealed record Berth(int Index, ISlotNetwork Network, IFlowTable Flows);
