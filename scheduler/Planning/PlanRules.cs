namespace Substrate.Scheduler.Planning;

/// <summary>What a plan is made by.</summary>
/// <param name="Spread">Spread actors evenly instead of packing them.</param>
/// <param name="Headroom">Share of what is taken that is to be free on top of it.</param>
/// <param name="WarmPerNode">Most warm sandboxes that are asked of one node.</param>
/// <param name="Refill">How long a node may take to replace a warm sandbox that was used.</param>
internal sealed record PlanRules(bool Spread, double Headroom, int WarmPerNode, TimeSpan Refill);
